/** Words and phrases that say what a number or a name beside them is: lower case, words of a phrase apart by one space. */
export const LEXICON = {
  card:
    'card|cards|visa|mastercard|amex|american express|discover|diners|jcb|maestro|unionpay|pan|cc|kreditkarte|tarjeta|' +
    'carte bancaire|carta di credito|cardholder|creditcard',
  card_code:
    'cvv|cvvs|cvv2|cvc|cvc2|csc|cav2|security code|card verification|verification value|kartenprüfnummer|cryptogramme',
  track: 'track 1|track 2|track data|magstripe|magnetic stripe|pin block',
  us_ssn: 'ssn|ssns|social security|social sec|soc sec|soc security',
  us_itin: 'itin|taxpayer|tax id|individual taxpayer',
  uk_nino: 'nino|national insurance|ni number|ni no',
  uk_nhs: 'nhs',
  ca_sin: 'social insurance|sin number|sin no|nas',
  de_tax_id:
    'steuer id|steuerid|steuernummer|steueridentifikationsnummer|steuerliche|idnr|identifikationsnummer|tax id|tin',
  fr_nir: 'nir|insee|sécurité sociale|securite sociale|numéro de sécu|sécu',
  es_dni: 'dni|nif|nie|documento|documento nacional|cif',
  nl_bsn: 'bsn|burgerservicenummer|sofinummer|sofi nummer',
  it_codice_fiscale: 'codice fiscale|cf',
  pl_pesel: 'pesel',
  br_cpf: 'cpf|cadastro de pessoas',
  in_aadhaar: 'aadhaar|aadhar|uidai|uid',
  cn_id: 'resident id|resident identity|shenfenzheng|identity card',
  se_personnummer: 'personnummer|personal identity number',
  be_national: 'rijksregisternummer|numéro national|numero national|registre national|insz|niss',
  mx_curp: 'curp',
  national:
    'national id|national identity|national identification|identity number|id card|identity card|driver license|drivers license|driver s license|' +
    'driver licence|driver s licence|driving licence|driving license|personalausweis|ausweisnummer|government id',
  passport: 'passport|passports|reisepass|passnummer|passeport|pasaporte|passaporto|paszport|paspoort',
  phone:
    'phone|phones|telephone|tel|mobile|mob|cell|cellphone|fax|call|called|calling|text|sms|whatsapp|dial|ring|reach|contact|' +
    'handy|telefon|telefono|teléfono|téléphone|móvil|portable|hotline|landline|voicemail|rufnummer|telefonnummer|telefoon',
  bank: 'bank|banks|iban|wire|checking|savings|payee|beneficiary|kontonummer|konto|bankverbindung|compte|cuenta|conto|direct deposit|ach',
  account: 'account|acct|acc no|account number|a c no|konto|kontonummer',
  routing: 'routing|aba|rtn|transit number',
  sort_code: 'sort code|sortcode',
  birth:
    'born|dob|d o b|date of birth|birth date|birthdate|birthday|geboren|geburtsdatum|geburtstag|nacimiento|nacido|nacida|' +
    'naissance|né le|née le|nato il|nata il|nascita|urodzenia|urodzony|geboortedatum|birth',
  version:
    'version|release|v|ver|build|firmware|driver|upgrade|upgraded|bumped|semver|nginx|chrome|firefox|node|section|chapter|clause|paragraph|rfc|figure',
  child:
    'child|kid|son|daughter|boy|girl|pupil|minor|toddler|baby|infant|kindergarten|schoolboy|schoolgirl|preschooler|student|nephew|niece|grandson|granddaughter|stepson|stepdaughter',
  aged: 'aged|age|old',
  location:
    'lat|latitude|lng|lon|long|longitude|gps|coordinates|coords|location|geolocation|located|position|whereabouts',
  person:
    'he|she|his|her|him|i|my|me|patient|mr|mrs|ms|miss|client|customer|employee|applicant|candidate|colleague|member|wife|husband|' +
    'mother|father|son|daughter|brother|sister|boss|manager|resident|claimant|user|person|victim|defendant|tenant',
  you: 'you|your|yours|our|employees|visitors|members',
  population:
    'people|patients|adults|percent|study|studies|trial|trials|population|worldwide|annually|prevalence|incidence|statistics|guideline|' +
    'guidelines|article|wikipedia|countries|americans|cases|cohort|participants|researchers|novel|museum|festival|history|century|database|table|schema',
  patient: 'patient|pt|hospitalized|hospitalised|inpatient|outpatient',
  clinical:
    'diagnosed|diagnosis|diagnoses|dx|prescribed|prescription|suffers|suffering|treated|tested positive|admitted|medication|medications|' +
    'takes|taking|relapse|relapsed|chemo|chemotherapy|symptoms|therapy|surgery|underwent|hospitalized|hospitalised|refill|dosage|diagnostiziert|' +
    'history of|presents with|prognosis|sick leave|miscarriage|hat diagnose',
  condition:
    'diabetes|diabetic|hiv|aids|cancer|carcinoma|tumor|tumour|leukemia|leukaemia|lymphoma|melanoma|asthma|hypertension|depression|depressive|' +
    'bipolar|schizophrenia|anxiety disorder|ptsd|epilepsy|alzheimer|alzheimers|dementia|parkinson|parkinsons|hepatitis|tuberculosis|' +
    'sclerosis|arthritis|stroke|copd|pneumonia|pregnant|pregnancy|addiction|alcoholism|anorexia|bulimia|autism|adhd|lupus|psoriasis|' +
    'endometriosis|syphilis|gonorrhea|chlamydia|herpes|insomnia|migraine|obesity|anemia|anaemia|crohn|crohns|celiac|fibromyalgia|' +
    'myocardial infarction|heart attack|heart failure|kidney failure|renal failure|cystic fibrosis|sickle cell|depressed|krebs',
  medication:
    'metformin|insulin|lisinopril|atorvastatin|amlodipine|omeprazole|losartan|sertraline|fluoxetine|citalopram|escitalopram|prozac|zoloft|' +
    'xanax|alprazolam|lorazepam|diazepam|valium|oxycodone|hydrocodone|morphine|fentanyl|methadone|warfarin|levothyroxine|prednisone|' +
    'amoxicillin|albuterol|gabapentin|lithium|quetiapine|risperidone|olanzapine|truvada|biktarvy|tamoxifen|methotrexate|humira|ozempic|' +
    'semaglutide|adderall|ritalin|methylphenidate|viagra|sildenafil|naltrexone|buprenorphine|antidepressants|antipsychotics',
  icd: 'icd|icd10|diagnosis|diagnoses|diagnosed|diagnose|dx|diagnosis code',
  mrn:
    'mrn|mrns|medical record|medical records|patient id|patient number|patient no|health record|medicare|medicaid|mbi|hicn|' +
    'health insurance|health plan|chart number|krankenversichertennummer|versichertennummer',
  biometric:
    'fingerprint template|fingerprint scan|fingerprint scans|fingerprint data|fingerprint image|fingerprint minutiae|fingerprints|' +
    'face embedding|face embeddings|face template|face scan|facial template|facial scan|facial recognition|faceprint|faceprints|iris scan|iris scans|' +
    'iris template|iris code|retina scan|retinal scan|voiceprint|voiceprints|voice print|voice template|palm print|palm vein|biometric|biometrics|minutiae',
  genetic:
    'genotype|genotypes|genome|genomic|dna|gene|genes|brca1|brca2|apoe|mutation|mutations|allele|alleles|snp|snps|carrier|karyotype|haplotype|' +
    'trisomy|hereditary|cftr|exome|chromosome',
  gene_mark:
    'brca1|brca2|apoe4|apoe e4|cftr|htt|trisomy 21|lynch syndrome|huntington|huntingtons|tay sachs|genotype|dna profile|dna test|genetic test',
  belief:
    'catholic|protestant|muslim|islam|islamic|jewish|judaism|hindu|hinduism|buddhist|buddhism|sikh|mormon|atheist|atheism|christian|' +
    'evangelical|jehovah|orthodox|quaker|sunni|shia|religion|religious',
  union:
    'trade union|labor union|labour union|union member|union membership|union dues|shop steward|gewerkschaft|gewerkschaftsmitglied|works council member',
  orientation:
    'gay|lesbian|bisexual|homosexual|transgender|queer|sexual orientation|heterosexual|asexual|came out as|nonbinary',
  politics:
    'republican|democrat|conservative party|labour party|socialist|communist|liberal democrat|voted for|votes for|party member|' +
    'political party|political views|political opinions|political affiliation|green party',
  ethnicity:
    'ethnicity|ethnic origin|ethnic background|racial origin|race|hispanic|latino|latina|african american|roma descent|romani',
  street:
    'street|st|str|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|terrace|square|sq|parkway|pkwy|highway|hwy|' +
    'crescent|close|row|mews|alley|circle|cir|trail|trl|plaza',
  street_before:
    'rue|calle|via|avenida|viale|piazza|paseo|boulevard|avenue|ul|ulica|rua|place|chemin|carrer|laan|straat|impasse',
  po_box: 'po box|p o box|postfach|apartado|boîte postale',
  address:
    'address|addresses|lives at|live at|living at|residing at|resides at|ship to|deliver to|shipped to|delivered to|mail to|moved to|adresse|dirección|indirizzo|wohnhaft|home is|domicile',
} as const;

export type Topic = keyof typeof LEXICON;
