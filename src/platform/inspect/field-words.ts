import type { DataClass } from '../../kernel/policy/data-classes.ts';

/** Names of fields, tables and headers by what they hold: words run together, singular, lower case. */
export const FIELD_NAMES: Readonly<Record<DataClass, string>> = {
  email: 'email emailaddress emailaddr mailaddress emailid useremail correoelectronico correo courriel emailadresse',
  phone:
    'phone phonenumber telephone telephonenumber tel telno mobile mobilephone mobilenumber cellphone cellnumber cellular msisdn fax ' +
    'faxnumber whatsapp whatsappnumber landline contactnumber homephone workphone daytimephone phn phonenr telefon telefonnummer ' +
    'handynummer telefono telefone mobil mobilnummer celular smsnumber',
  name:
    'firstname lastname surname fullname givenname familyname middlename maidenname fname lname forename middleinitial legalname ' +
    'personname realname nameoncard cardholdername cardholder accountholder accountholdername vorname nachname nombre apellido ' +
    'prenom nomdefamille cognome voornaam achternaam mothermaidenname nextofkin emergencycontactname',
  address:
    'address streetaddress street addressline addressstreet addresscity addresszip addresspostcode addresspostalcode homeaddress mailingaddress ' +
    'postaladdress shippingaddress billingaddress deliveryaddress residentialaddress residence addr streetname housenumber ' +
    'zipcode postcode postalcode plz strasse adresse anschrift direccion indirizzo codigopostal codepostal placeofresidence',
  birth_date:
    'dob birthdate dateofbirth birthday birthdt bday birthyear yearofbirth birthmonth bornon geburtsdatum geburtstag fechanacimiento ' +
    'fechadenacimiento datenaissance datedenaissance datadinascita geboortedatum placeofbirth birthplace',
  national_id:
    'ssn socialsecurity socialsecuritynumber socialsecurityno socialsecno socsec ss4full socialinsurancenumber nino nationalinsurance ' +
    'nationalinsurancenumber ninumber nationalid nationalidnumber nationalidentification nationalidentificationnumber nationalidentitynumber ' +
    'taxid taxidnumber taxpayerid taxpayeridentificationnumber taxidentificationnumber taxnumber itin tin steuerid steuernummer ' +
    'steueridentifikationsnummer bsn burgerservicenummer pesel codicefiscale cpf aadhaar aadhaarnumber aadhar aadharnumber personnummer ' +
    'curp dni nif nir insee numerosecu driverlicense driverlicensenumber driverslicense driverslicensenumber driverlicence driverslicence ' +
    'drivinglicence drivinglicencenumber drivinglicense driverlicenceno dlnumber identitynumber identitycard identitycardnumber ' +
    'idcardnumber governmentid govid personalausweis ausweisnummer nhsnumber ssnitin',
  passport:
    'passport passportnumber passportno passportnum passportid reisepass reisepassnummer passnummer passeport pasaporte',
  payment_card:
    'creditcard creditcardnumber creditcardno creditcardnum creditcarddata creditcardinfo creditcarddetail debitcard debitcardnumber cardnumber cardno ' +
    'cardnum cardnr cardpan pan pannumber primaryaccountnumber ccnum ccnumber ccno ccnr ccn paymentcard paymentcardnumber carddata carddetail ' +
    'cardholderdata ccdata ccinfo ccard ccexp ccexpiry ccexpiration cardexpiry cardexpiration cardexp cardexpirydate cardexpirationdate bankcard ' +
    'bankcardnumber kreditkarte kreditkartennummer tarjeta tarjetacredito numerotarjeta cartebancaire',
  card_code:
    'cvv cvv2 cvc cvc2 cvvcode cvccode csc cvn cavv cardcode cardverificationvalue cardverificationcode cardsecuritycode cardverification ' +
    'cardcvv cardcvc cccvv cccvc cccode cardpin pinblock pincode cardpinblock trackdata track1 track2 track1data track2data magstripe ' +
    'magstripedata magneticstripe cid2',
  bank_account:
    'iban ibannumber accountno accountnumber accountnum accountnr acctno acctnumber acctnum acctnr bankaccount bankaccountnumber ' +
    'bankaccountno bankacct bankacctno bankdetail bankinginfo routingnumber routingno abanumber abarouting abaroutingnumber sortcode ' +
    'bsbnumber kontonummer kontonr bankverbindung numerocuenta directdeposit checkingaccount savingsaccount bban clabe',
  ip_address:
    'ip ipaddress ipaddr ipv4 ipv6 clientip remoteip remoteaddr userip sourceip srcip lastloginip loginip signupip visitorip ' +
    'registrationip xforwardedfor xrealip iplogged lastip hostip',
  health:
    'diagnosis diagnoses diagnose diagnosiscode icd10 icd10code icdcode icd9 medicalrecordnumber medicalrecord medicalrecordno medicalrecordnum mrn patient patientid patientno ' +
    'patientnumber patientrecord patientfile patientdata medicalhistory medicalcondition medicalnote healthcondition healthrecord healthstatus ' +
    'healthdata healthinfo healthinsurancenumber healthinsuranceid healthplannumber medication prescription prescribeddrug rxnumber allergy bloodtype bloodgroup bloodpressure ' +
    'heartrate bloodsugar glucoselevel symptom labresult labtest labvalue testresulthiv hivstatus disability disabilitystatus vaccination vaccinationstatus ' +
    'immunization pregnancy pregnancystatus pregnant ispregnant mentalhealth clinicalnote clinicaldata chronicdisease disease comorbidity surgery ' +
    'ephi treatmentplan sickleave sicknote doctornote medicareid medicarenumber medicaidid mbi bmi krankheit diagnostico',
  biometric:
    'fingerprint fingerprinttemplate fingerprintdata fingerprinthash fingerprintscan fingerprintimage thumbprint faceembedding facetemplate facevector faceprint ' +
    'faceid facedata facescan facialrecognition facialrecognitiondata facialtemplate facialscan facialgeometry irisscan iristemplate iriscode ' +
    'retina retinascan retinalscan voiceprint voicetemplate palmprint palmvein palmscan biometric biometricdata biometrictemplate biometricid ' +
    'biometrichash gait gaitdata handgeometry keystrokedynamic',
  genetic:
    'dna dnasequence dnaprofile dnasample dnadata dnatest dnaresult genome genomedata genomic genomicdata genotype genetic geneticdata geneticmarker ' +
    'geneticprofile genetictest genetictestresult geneticresult snpdata exome karyotype haplotype brca1 brca2 brcastatus apoe4',
  special_category:
    'religion religiousbelief religiousaffiliation religiouspreference faith ethnicity ethnicgroup ethnicorigin ethnicbackground ' +
    'race racialorigin politicalopinion politicalparty politicalaffiliation politicalview politicalbelief partymembership ' +
    'unionmember unionmembership tradeunion tradeunionmembership isunionmember sexualorientation sexuality sexlife ' +
    'sexualpreference philosophicalbelief criminalrecord criminalconviction criminalhistory caste konfession religionszugehorigkeit',
  child:
    'childname childage childdob childbirthdate childbirthday minorname pupilname parentalconsent guardianconsent childssn schoolgrade isminor childphoto',
  location:
    'lat latitude lng lon longitude latlng latlong latlon geolocation geoloc gps gpslocation gpscoordinate gpscoord geocoordinate ' +
    'geopoint homelocation currentlocation lastlocation lastknownlocation preciselocation userlocation',
  credential:
    'password passwd pwd passphrase passcode userpassword dbpassword passwordhash hashedpassword encryptedpassword passwordsalt pw apikey apisecret ' +
    'apitoken accesstoken refreshtoken authtoken bearertoken idtoken oauthtoken sessiontoken secrettoken secret clientsecret appsecret secretkey ' +
    'sharedsecret signingkey signingsecret webhooksecret privatekey sshkey sshprivatekey encryptionkey masterkey accesskey accesskeyid ' +
    'secretaccesskey awssecretaccesskey awsaccesskeyid awssecretkey connectionstring databaseurl dburl credential token bearer authorization ' +
    'proxyauthorization xapikey cookie setcookie jwt otp otpsecret totpsecret mfasecret recoverycode backupcode seedphrase keystorepassword ' +
    'servicekey serviceaccountkey authkey hmackey jwtsecret sessionsecret personalaccesstoken kennwort passwort contrasena motdepasse',
};

/** Whose field it is, or which of several: says nothing about what it holds. */
export const OWNERS =
  'customer cust client user usr member employee emp staff worker patient person contact contactperson guest student pupil child spouse father ' +
  'mother parent partner guardian holder owner author recipient sender subscriber passenger beneficiary applicant candidate driver visitor ' +
  'cardholder payee payer payor buyer seller debtor lead donor resident policyholder insured agent admin account my your the primary ' +
  'secondary alternate alternative alt other home work business office personal private billing shipping delivery bill ship mailing current ' +
  'previous old new raw plain plaintext clear full original first last emergency db database tbl table col field data src source target ' +
  'dest default main tmp temp stored saved invoice order payment checkout registration signup login claimant voter next kin';

/** What such a name may end in without being about something else. */
export const ENDINGS =
  'number no num nr value val text txt string str field column col raw plain plaintext clear full enc encrypted list array info detail data record ' +
  'table tbl entry item primary secondary home work mobile line code copy backup bak old new current';

/** Words that name a person, so that `name` or `age` behind them is theirs. */
export const PERSONS =
  'customer cust client member employee emp staff worker patient person contact guest student pupil spouse father mother parent partner guardian ' +
  'holder recipient sender subscriber passenger beneficiary applicant candidate visitor cardholder payee payer payor buyer debtor donor resident ' +
  'policyholder insured claimant voter kin tenantcontact emergency billing shipping delivery driver author';
