/**
 * Every pattern of the detectors, in one place: the worst-case test runs over this list.
 * Patterns with `g` run over zones of digits; the others over a slice of bounded length beside a word.
 */
export const PATTERNS = {
  // national ids, in zones of digits with two characters around them
  ssnDashed: /(?<![\d\w]|\d[-.])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d\w]|[-.]\d)/g,
  ssnSpaced: /(?<![\d\w]|\d[-. ])(?!000|666|9)\d{3}([. ])(?!00)\d\d\1(?!0000)\d{4}(?![\d\w]|[-. ]\d)/g,
  ssnLoose: /(?<!\d)(?!000|666|9)\d{3}[-. _/]{0,3}(?!00)\d\d[-. _/]{0,3}(?!0000)\d{4}(?!\d)/g,
  ssnSpelled: /(?<!\d|\d[-. ])\d(?:[-. ]\d){8}(?![-. ]?\d)/g,
  itin: /(?<!\d)9\d\d-(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])-\d{4}(?!\d)/g,
  ninoSpaced: /(?<![A-Za-z\d])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d\d([ -])\d\d\1\d\d[ -]?[A-D](?![A-Za-z\d])/g,
  nino: /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/i,
  nhs: /(?<!\d)\d{3}[- ]?\d{3}[- ]?\d{4}(?!\d)/g,
  sin: /(?<!\d)\d{3}[- ]?\d{3}[- ]?\d{3}(?!\d)/g,
  deTaxId: /(?<!\d)[1-9]\d ?\d{3} ?\d{3} ?\d{3}(?!\d)/g,
  nir: /(?<!\d)[12][ .-]?\d\d[ .-]?\d\d[ .-]?\d\d[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d\d(?!\d)/g,
  dni: /(?<![A-Za-z\d])\d{8}-?[A-HJ-NP-TV-Z](?![A-Za-z\d])/gi,
  nie: /(?<![A-Za-z\d])[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z](?![A-Za-z\d])/gi,
  bsn: /(?<!\d)\d{4}[. ]?\d\d[. ]?\d{3}(?!\d)/g,
  codiceFiscale: /^[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]$/i,
  pesel: /(?<![\w.])\d{11}(?![\w]|\.\d)/g,
  cpfDotted: /(?<!\d)\d{3}\.\d{3}\.\d{3}-\d\d(?!\d)/g,
  cpf: /(?<!\d)\d{3}[. ]?\d{3}[. ]?\d{3}[- ]?\d\d(?!\d)/g,
  aadhaar: /(?<!\d|\d[- ])[2-9]\d{3}([- ]?)\d{4}\1\d{4}(?!\d|[- ]\d)/g,
  cnId: /(?<![A-Za-z\d])[1-9]\d{5}(?:19|20)\d{9}[\dX](?![A-Za-z\d])/gi,
  personnummer: /(?<![\d-])(?:19|20)?\d{6}[-+]\d{4}(?![\d-])/g,
  beNational: /(?<!\d)\d\d\.\d\d\.\d\d-\d{3}\.\d\d(?!\d)/g,
  curp: /^[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d$/i,
  idAfterWord: /^[^\d\n;]{0,24}?\b([A-Z]{0,3}[- ]?\d(?:[-. ]?[A-Z\d]){4,17})(?![A-Za-z\d])/i,
  // papers and banks, after a word
  passportNumber: /^[^\d\n;]{0,32}?\b([A-Z]{0,2}\d{6,9}[A-Z]?|[A-Z]\d{2}[A-Z\d]{5,6})(?![A-Za-z\d])/i,
  passportLine: /(?<![A-Z<])P[A-Z<][A-Z]{3}[A-Z]{1,37}(?:<[A-Z<]{1,38})(?![A-Z])/g,
  routingNumber: /^[^\d\n;]{0,24}?(\d{9})(?!\d)/,
  accountNumber: /^[^\d\n;]{0,24}?(\d(?:[- ]?\d){5,16})(?!\d)/,
  sortCode: /^[^\d\n;]{0,16}?(\d\d[- ]?\d\d[- ]?\d\d)(?!\d)/,
  cardCodeAfter:
    /^(?:[^\d\n;.]{0,18}?|[^\d\n;.]{0,36}?(?:is|was|[:=])["' ]{1,2})(?<![\d.])(\d{3,4})(?![\d]|[.,:/-]\d|\s?(?:%|percent|digit|character|number|times|cards|eur|usd|dollar|ms\b))/i,
  cardCodeBefore: /(?<![\d.,/-])(\d{3,4})[\s(:,-]{1,3}$/,
  // phones
  international: /(?<![\w+)\]])\+?\d(?:[ .()/-]{0,3}\d){6,14}(?!\d)/g,
  american: /(?<![\d-]|\d[. ])(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}(?!\d|[-.]\d)/g,
  national: /(?<![\d.,-]|\d )\(?0\d{1,4}\)?(?:[ ./-]\d{2,8}){1,5}(?!\d|[.,-]\d)/g,
  afterPhoneWord: /^[^\d\n;+(]{0,14}?(\+?\(?\d(?:[ .()/-]{0,2}\d){6,14})(?!\d|[.,:-]\d)/,
  // dates and ages
  birthDate:
    /^[^\d\n;]{0,32}?((?:\d{4}([-/.])\d\d?\2\d\d?|\d\d?([-/. ])\d\d?\3(?:\d{4}|\d\d)|\d\d?(?:st|nd|rd|th|\.)? (?:of )?[a-zà-ü]{3,10}\.?,? \d{4}|\d{8}))(?!\d)/i,
  birthDayInWords:
    /^[^\d\n;]{0,32}?\b((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d\d?(?:st|nd|rd|th)?,? \d{4})(?!\d)/i,
  dateBefore: /(?<!\d)(\d{4}([-/.])\d\d?\2\d\d?|\d\d?([-/.])\d\d?\3\d{4})[\s(,:-]{1,3}$/,
  notBirth: /\b(?:party|card|gift|cake|sale|campaign|coupon|discount|reminder)\b/i,
  yearsBefore: /(?<![\d.])(\d\d?)[ -]{0,2}(?:years?|yrs?|yr)[ -]{1,2}$/i,
  yearsAfter: /^["'\s:=]{1,4}(?:of )?(\d\d?)(?![\d.]|\s?(?:%|days?|hours?|min|sec))/i,
  // places
  streetBefore: /(?<![\w.,$€£-])(\d{1,5}[A-Za-z]?(?:[-/]\d{1,4})?,? (?:[\p{Lu}\d][\p{L}\d.'’-]{0,24} ){1,4})$/u,
  streetBeforeLower: /(?<![\w.,$€£-])(\d{1,5}[A-Za-z]?,? (?:[\p{L}\d][\p{L}\d.'’-]{0,24} ){1,3})$/u,
  streetGerman:
    /(?<!\p{L})[\p{L}.-]{2,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer) \d{1,4} ?[a-h]?(?![\p{L}\d])/giu,
  streetAfter:
    /^ (?:(?:de|del|la|las|los|el|le|della|di|du|des|of) ){0,3}(?:d'|l')?\p{Lu}[\p{L}'’-]{1,24}(?: (?:de |du |la )?\p{Lu}[\p{L}'’-]{1,24}){0,3}/u,
  houseBefore: /(?<![\w.,$€£-])(\d{1,4}(?: ?bis| ?ter)?,? )$/,
  houseAfter: /^,? (?:n[º°o.]{1,2} ?)?\d{1,4}(?![\d.,:%]\d|\d)/,
  placeAfter:
    /^[.,]{0,2}[ \n](?:[\p{L}\d#.' -]{0,32}[ ,\n]{1,2})?(?:[A-Z]{2},? \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{5}(?: \p{Lu}[\p{L}-]{1,24})?|\d{4} ?[A-Z]{2})(?![\p{L}\d])/u,
  boxNumber: /^[\s.:#]{0,3}(?:no\.? ?)?\d{1,6}(?!\d)/i,
  coordinates: /(?<![\d.])-?\d{1,2}\.\d{3,15}(?:, ?|; ?| )-?\d{1,3}\.\d{3,15}(?!\d|\.\d)/g,
  coordinate: /^["'\s:=°(]{1,5}(-?\d{1,3}\.\d{3,15})(?!\d|\.\d)/,
  degrees:
    /\d{1,3}° ?\d{1,2}[′'] ?(?:\d{1,2}(?:\.\d{1,6})?[″"] ?)?[NS][, ]{1,3}\d{1,3}° ?\d{1,2}[′'] ?(?:\d{1,2}(?:\.\d{1,6})?[″"] ?)?[EW]/g,
  ipv4: /(?<![\w.$]|\d-)\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\w)/g,
  // health and bodies
  icdCode: /^[^\n;]{0,40}?(?<![A-Za-z\d])([A-TV-Z]\d[\dAB](?:\.[\dA-TV-Z]{1,4})?)(?![A-Za-z\d.])/,
  recordNumber: /^[^\d\n;]{0,24}?\b([A-Z]{0,4}[-#]?\d(?:-?[A-Z\d]){4,14})(?![A-Za-z\d])/i,
  variant: /(?<![A-Za-z\d])rs\d{3,9}[ :(=,\t]{1,4}(?:genotype[ :=]{1,2})?[ACGT][/|;]?[ACGT](?![A-Za-z\d])/g,
  sequence: /(?<![A-Za-z])[ACGT]{30}/g,
  vector: /^[^\n]{0,24}?(?:[A-Za-z\d+/=]{32}|(?:-?\d{1,3}\.\d{2,12},? ?){4})/,
} as const;
