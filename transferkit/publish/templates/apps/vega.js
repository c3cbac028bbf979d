// Numbers and times in German; expressions are interpreted, so that the page needs no "unsafe-eval".
const number = {decimal: ",", thousands: ".", grouping: [3], currency: ["", "\u00a0€"]};
const time = {
  dateTime: "%A, der %e. %B %Y, %X", date: "%d.%m.%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
  days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
  shortDays: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
  months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
  shortMonths: ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"],
};
const plain = window.vegaEmbed;
const settings = {actions: false, ast: true, renderer: "svg", formatLocale: number, timeFormatLocale: time};
export const vegaEmbed = (element, spec, options = {}) => plain(element, spec, {...settings, ...options, ast: true});
export default vegaEmbed;
