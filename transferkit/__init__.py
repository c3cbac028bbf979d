"""transferkit: experiences of the Modellprojekte Smart Cities as guides for all municipalities."""
