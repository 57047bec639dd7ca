import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DATA_CLASSES, type DataClass } from '../../kernel/policy/data-classes.ts';
import { classifyName } from './field-names.ts';

const NAMES: Readonly<Record<DataClass, string>> = {
  email:
    'email e_mail e-mail Email EMAIL emails email_addr emailAddress customer_email user_email_address contactEmail email2 primaryEmail correo_electronico',
  phone:
    'phone phones phone_number phoneNumber mobile mobile_no cell_phone telephone tel tel_no fax home_phone MobilePhone2 customer_phone msisdn whatsapp_number',
  name: 'first_name firstName last_name surname full_name family_name maiden_name customer_name PatientName cardholder_name employee_name nachname apellidos',
  address:
    'address home_address street_address addressLine1 address_line_2 billing_address zip_code postcode postal_code billing_zip shipping_city anschrift',
  birth_date: 'dob DOB d_o_b birth_date birthdate dateOfBirth date_of_birth birthday customer_dob geburtsdatum',
  national_id:
    'ssn SSN SSNs ssn_raw social_security_no socialSecurityNumber national_id tax_id nino bsn pesel codice_fiscale cpf aadhaar_number drivers_license_number employees_ssn user_ssn',
  passport: 'passport passport_no passportNumber passport_num customer_passport',
  payment_card:
    'card_number cardNumber card_no cc_num cc_number ccn creditCard credit_card credit_cards CreditCardNumber debit_card pan PAN payment_card_number customer_credit_card card_pan card_expiry',
  card_code: 'cvv CVV cvv2 cvc card_cvc cardVerificationValue card_security_code cc_cvv track2 track_1_data pin_block',
  bank_account:
    'iban IBAN iban_number account_no accountNumber acct_num bank_account bankAccountNumber routing_number sort_code bank_details',
  ip_address: 'ip ip_address ipAddr client_ip remote_addr last_login_ip x-forwarded-for',
  health:
    'diagnosis diagnoses patient_diagnosis icd10_code mrn medical_record_number patient_id patients medications prescription allergies blood_type lab_results disability_status',
  biometric:
    'fingerprint fingerprints fingerprint_template face_embedding faceEmbedding iris_scan retina_scan voiceprint biometric_data',
  genetic: 'dna dna_sequence genome genotype genetic_data brca1 genetic_test_result',
  special_category:
    'religion ethnicity race political_party politicalOpinion union_membership sexual_orientation criminal_record religious_belief',
  child: 'child_name child_age childDob is_minor parental_consent',
  location: 'lat lng latitude longitude lat_lng gps geolocation gps_coordinates last_known_location',
  credential:
    'password passwd pwd user_password password_hash api_key apiKey x-api-key access_token refreshToken client_secret secret private_key AWS_SECRET_ACCESS_KEY connection_string authorization cookie jwt token db_password',
};

const OTHERS =
  'id name file_name host_name product_name table_name username user_name account_id account_type card_layout card_type card_brand card_last4 card_id cards card cc ' +
  'address_count address_book_id email_template_id email_verified is_email_verified email_count email_body email_subject pan_zoom panel span dna_service_version dnas_count ' +
  'tokens max_tokens token_count token_type next_page_token password_policy has_password password_reset_url password_updated_at ssn_last4 ssn_hash phone_type phone_verified ' +
  'mobile_app_version cell cell_count city_id country iris_dataset union_all race_condition passport_strategy passing passenger_count lateral latency longest length ' +
  'birth_rate child children child_nodes minor_version zip location locale key keys hash dns session_timeout author_id driver_class to from subject body status title description ' +
  'created_at total amount price quantity order_id invoice_number serial_number tracking_number version_number ipsum ipc chip shipping_method routing_table bank_holiday ' +
  'diagnostic_level patience treatment_group genetic_algorithm fingerprint_reader_model face_count religion_count gps_enabled health_check healthy healthz';

describe('classifyName', () => {
  const rows = Object.entries(NAMES).flatMap(([dataClass, names]) => names.split(' ').map((name) => [name, dataClass]));

  it.each(rows)('takes `%s` for %s', (name, dataClass) => {
    expect(classifyName(name)).toBe(dataClass);
  });

  it.each(OTHERS.split(' '))('takes `%s` for nothing', (name) => {
    expect(classifyName(name)).toBeUndefined();
  });

  it('knows every class by a name', () => {
    expect(Object.keys(NAMES)).toEqual([...DATA_CLASSES]);
  });

  it.each([
    'credit card number',
    'Credit-Card Number',
    'CREDIT_CARD_NUMBER',
    'creditCardNumber',
    'customers.credit_card_number',
    'ＣreditCardNumber',
  ])('reads `%s` in any way of writing', (name) => {
    expect(classifyName(name)).toBe('payment_card');
  });

  it('answers for any text, the same every time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        const first = classifyName(name);
        return first === classifyName(name) && (first === undefined || DATA_CLASSES.includes(first));
      }),
    );
  });
});
