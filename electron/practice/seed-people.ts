import type { WireFields } from './wire.ts'

/** A customer of the practice store and where the profile came from. */
export interface SeedPerson {
  readonly fields: WireFields
  readonly source: string
}

const us = (
  address_line_1: string,
  locality: string,
  state: string,
  postal_code: string,
  address_line_2?: string,
) => ({
  address_line_1,
  ...(address_line_2 === undefined ? {} : { address_line_2 }),
  locality,
  administrative_district_level_1: state,
  postal_code,
  country: 'US',
})
const abroad = (address_line_1: string, postal_code: string, locality: string, country: string) => ({
  address_line_1,
  locality,
  postal_code,
  country,
})
const app = (fields: WireFields): SeedPerson => ({ fields, source: 'THIRD_PARTY' })
const till = (fields: WireFields): SeedPerson => ({ fields, source: 'DIRECTORY' })
const from = (source: string, fields: WireFields): SeedPerson => ({ fields, source })

/** Sixty customers of many scripts and habits. All are invented; numbers and domains are reserved for examples. */
export const SEED_PEOPLE: readonly SeedPerson[] = [
  till({
    given_name: 'Amelia',
    family_name: 'Okafor',
    phone_number: '+12065550101',
    email_address: 'amelia.okafor@example.com',
    birthday: '1987-03-14',
    address: us('410 Pine St', 'Seattle', 'WA', '98101', 'Apt 12'),
  }),
  till({
    given_name: 'Benjamin',
    family_name: 'Stone',
    phone_number: '+12065550102',
    note: 'Oat milk. Always oat milk.',
  }),
  app({
    given_name: 'Carla',
    family_name: 'Reyes',
    phone_number: '(206) 555-0103',
    email_address: 'carla@example.org',
    birthday: '0000-12-24',
  }),
  app({
    given_name: 'Dmitri',
    family_name: 'Volkov',
    phone_number: '206.555.0104',
    reference_id: 'LOYAL-0004',
  }),
  till({
    given_name: 'Eleanor',
    family_name: 'Whitfield',
    phone_number: '+12065550105',
    address: us('77 Alder Way', 'Tacoma', 'WA', '98402'),
    note: 'Orders by phone on Fridays.\nCall back if the line drops.\n\nPrefers paper receipts.',
  }),
  till({
    given_name: 'Marcus',
    family_name: 'Whitfield',
    phone_number: '+12065550105',
    note: 'Same phone as Eleanor (family).',
  }),
  till({
    given_name: 'Poppy',
    family_name: 'Whitfield',
    phone_number: '+12065550105',
    birthday: '2015-06-30',
  }),
  app({
    given_name: 'Zoë',
    family_name: 'Müller-Lüdenscheidt',
    email_address: 'zoe@example.de',
    phone_number: '+49 30 5550 0107',
    address: abroad('Kantstraße 12', '10623', 'Berlin', 'DE'),
  }),
  app({
    given_name: 'François',
    family_name: 'Lefèvre',
    phone_number: '+33 1 99 00 12 34',
    address: abroad('8 rue de l’Église', '75015', 'Paris', 'FR'),
  }),
  app({
    given_name: 'Łukasz',
    family_name: 'Żółkiewski',
    email_address: 'lukasz@example.pl',
    phone_number: '+48 22 555 01 09',
    address: abroad('ul. Świętokrzyska 3', '00-360', 'Warszawa', 'PL'),
  }),
  app({
    given_name: 'Ángel',
    family_name: 'Núñez',
    nickname: 'Gelo',
    phone_number: '+34 910 55 01 10',
    note: 'Sin gluten',
  }),
  app({
    given_name: 'Søren',
    family_name: 'Åkesson',
    email_address: 'soren@example.dk',
    birthday: '1979-10-02',
  }),
  app({
    given_name: 'İpek',
    family_name: 'Yıldırım',
    phone_number: '+90 212 555 01 12',
    note: 'Dotted and dotless: I İ i ı',
  }),
  app({
    given_name: 'Nguyễn',
    family_name: 'Thị Ánh',
    phone_number: '+84 24 5555 0113',
    address: abroad('25 Phố Hàng Bạc', '100000', 'Hà Nội', 'VN'),
  }),
  app({ given_name: 'Ștefan', family_name: 'Țepeș', email_address: 'stefan@example.ro' }),
  app({
    given_name: 'Aoife',
    family_name: 'Ní Bhriain',
    phone_number: '+353 1 555 0115',
    address: { ...abroad('14 Baggot Street Lower', 'D02 XY45', 'Dublin 2', 'IE'), sublocality: 'Baggotonia' },
  }),
  app({
    given_name: 'Jürgen',
    family_name: 'Groß',
    company_name: 'Groß & Söhne GmbH',
    email_address: 'info@gross.example',
    phone_number: '+49 89 5550116',
  }),
  app({
    given_name: '花子',
    family_name: '山田',
    phone_number: '+81 3-5555-0117',
    address: {
      postal_code: '150-0041',
      administrative_district_level_1: '東京都',
      locality: '渋谷区',
      address_line_1: '神南1-2-3',
      country: 'JP',
    },
  }),
  app({ given_name: 'タロウ', family_name: '佐藤', email_address: 'taro@example.jp', note: '領収書が必要' }),
  app({
    given_name: '伟',
    family_name: '王',
    phone_number: '+86 10 5555 0119',
    address: { address_line_1: '建国路 88 号', locality: '北京', country: 'CN', postal_code: '100022' },
  }),
  app({ given_name: '美玲', family_name: '陳', company_name: '美玲花店', phone_number: '+886 2 5555 0120' }),
  app({ given_name: '지우', family_name: '김', phone_number: '+82 2-555-0121', birthday: '1994-08-19' }),
  app({
    given_name: 'محمد',
    family_name: 'الحسيني',
    phone_number: '+971 4 555 0122',
    note: 'يفضل القهوة بدون سكر',
  }),
  app({
    given_name: 'فاطمة',
    family_name: 'بن علي',
    email_address: 'fatima@example.com',
    phone_number: '+212 5 22 55 01 23',
  }),
  app({
    given_name: 'שירה',
    family_name: 'לוי',
    phone_number: '+972 3-555-0124',
    note: 'הזמנה קבועה: חלה ביום שישי',
  }),
  app({
    given_name: 'Дарья',
    family_name: 'Соколова',
    phone_number: '+7 495 555-01-25',
    birthday: '0000-02-29',
  }),
  app({
    given_name: 'Тарас',
    family_name: 'Ґудзь',
    email_address: 'taras@example.ua',
    phone_number: '+380 44 555 0126',
  }),
  app({
    given_name: 'Ελένη',
    family_name: 'Παπαδοπούλου',
    phone_number: '+30 21 0555 0127',
    address: abroad('Οδός Ερμού 5', '105 63', 'Αθήνα', 'GR'),
  }),
  app({ given_name: 'สมชาย', family_name: 'ใจดี', phone_number: '+66 2 555 0128', note: 'ไม่ใส่น้ำแข็ง' }),
  app({ given_name: 'प्रिया', family_name: 'शर्मा', phone_number: '+91 11 5555 0129', birthday: '1991-11-11' }),
  app({ given_name: 'Նարեկ', family_name: 'Սարգսյան', email_address: 'narek@example.am' }),
  app({ given_name: 'ნინო', family_name: 'ბერიძე', phone_number: '+995 32 255 01 31' }),
  app({
    given_name: 'Robin 🌻',
    family_name: 'Fields',
    nickname: '🐝',
    email_address: 'robin@example.net',
    note: 'Likes: 👩‍🌾🍅🥕',
  }),
  app({
    given_name: 'Maximiliana-Alexandrina',
    family_name: 'von und zu Hohenberg-Schwarzenfels auf Niederwaldstetten genannt Freifrau zu Rabenstein',
    company_name:
      'Gesellschaft zur Förderung der Erhaltung historischer Wasserkraftanlagen im oberen Sulzbachtal e. V.',
    email_address: 'maximiliana@example.at',
  }),
  app({ given_name: 'X', phone_number: '+12065550134' }),
  app({ family_name: 'O’Brien', phone_number: '206-555-0135' }),
  app({ given_name: 'D’Arcy', family_name: "O'Neil-Smith, Jr.", email_address: 'DArcy.ONeil@Example.com' }),
  app({ given_name: 'null', family_name: 'Undefined', note: 'Yes, really.' }),
  app({
    company_name: 'Riverside Bakery',
    phone_number: '+1 253 555 0138',
    email_address: 'orders@riverside.example',
    address: us('1 Wharf Rd', 'Tacoma', 'WA', '98403'),
    note: 'Invoice monthly',
  }),
  app({
    company_name: 'St. Mary’s School',
    email_address: 'office@stmarys.example',
    phone_number: '(253) 555-0139',
  }),
  app({
    company_name: '42 North Architects',
    address: us('42 N 1st Ave', 'Spokane', 'WA', '99201', 'Floor 3'),
  }),
  app({ company_name: 'Café Señorial', phone_number: '+52 55 5555 0141' }),
  till({ phone_number: '+12065550142' }),
  till({ phone_number: '+12065550143', note: 'Lost umbrella, blue' }),
  from('INSTANT_PROFILE', { email_address: 'walkin.44@example.com' }),
  from('EMAIL_COLLECTION', { email_address: 'newsletter+45@example.com' }),
  from('ONLINE_STORE', {
    given_name: 'Harriet',
    family_name: 'Nguyen',
    email_address: 'harriet@example.com',
    phone_number: '+12065550146',
    address: us('900 Dexter Ave N', 'Seattle', 'WA', '98109'),
  }),
  from('ONLINE_STORE', { given_name: 'Ivan', family_name: 'Petrov', email_address: 'ivan@example.com' }),
  from('LOYALTY', { given_name: 'Jada', phone_number: '+12065550148', reference_id: 'LOYAL-0048' }),
  from('LOYALTY', {
    given_name: 'Kofi',
    family_name: 'Mensah',
    phone_number: '+12065550149',
    reference_id: 'LOYAL-0049',
    birthday: '0000-07-04',
  }),
  from('APPOINTMENTS', {
    given_name: 'Lena',
    family_name: 'Fischer',
    phone_number: '+12065550150',
    note: 'Colour: 7.3\nPatch test done 2025-11-02',
  }),
  from('APPOINTMENTS', { given_name: 'Miguel', family_name: 'Santos', phone_number: '+12065550151' }),
  from('IMPORT', { given_name: '  Nora', family_name: 'Double  Space ', phone_number: '2065550152' }),
  from('IMPORT', {
    given_name: 'OLIVER',
    family_name: 'CAPS',
    phone_number: '12065550153',
    email_address: 'OLIVER@EXAMPLE.COM',
  }),
  from('INVOICES', {
    given_name: 'Priya',
    family_name: 'Raman',
    company_name: 'Raman Catering',
    email_address: 'priya@raman.example',
    phone_number: '+12065550154',
    address: us('12 Harbor Ave SW', 'Seattle', 'WA', '98126'),
  }),
  from('MERGE', {
    given_name: 'Quentin',
    family_name: 'Blake',
    phone_number: '+12065550155',
    note: ' Merged on 01/15/2026. Following fields were not transferred: email_address: q@example.com.',
  }),
  app({ given_name: 'Anna', family_name: 'Schmidt', phone_number: '+12065550156', birthday: '1960-01-01' }),
  app({ given_name: 'Anna', family_name: 'Schmidt', phone_number: '+12065550157' }),
  app({ given_name: 'Ana', family_name: 'Schmid', email_address: 'ana.schmid@example.com' }),
  app({
    given_name: 'Tāne',
    family_name: 'Ngata',
    phone_number: '+64 4 555 0160',
    address: abroad('3 Cuba Street', '6011', 'Wellington', 'NZ'),
  }),
]
