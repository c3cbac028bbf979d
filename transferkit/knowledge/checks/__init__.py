"""What makes the data package fit to be published; each module holds the rules for one kind of thing."""
