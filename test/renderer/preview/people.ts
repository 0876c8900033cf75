import type { CustomerFields } from '#shared/customer/customer.ts'

/** Made-up customers of many scripts and habits, for looking at the screens. */
export const PEOPLE: readonly Partial<CustomerFields>[] = [
  {
    givenName: 'Ana',
    familyName: 'Ruiz',
    companyName: 'Ruiz & Daughters',
    nickname: 'Anita',
    phoneNumber: '+1 212-555-0100',
    emailAddress: 'ana.ruiz@example.com',
    birthday: '0000-03-07',
    note: 'Oat milk.\nPays the team’s coffees on Fridays.',
    referenceId: 'R-1001',
    address: {
      addressLine1: '12 Harbor Street',
      locality: 'Portland',
      administrativeDistrictLevel1: 'ME',
      postalCode: '04101',
      country: 'US',
    },
  },
  { givenName: 'Ben', familyName: 'Okafor', phoneNumber: '+1 212-555-0101', emailAddress: 'ben@example.com' },
  { givenName: 'فاطمة', familyName: 'الزهراني', phoneNumber: '+966 50 123 4567', note: 'تحب القهوة العربية' },
  {
    givenName: 'נועה',
    familyName: 'לוי',
    emailAddress: 'noa@example.co.il',
    phoneNumber: '+972 50 123 4567',
  },
  { givenName: '美咲', familyName: '山本', companyName: '株式会社山本商店', phoneNumber: '+81 90-1234-5678' },
  { givenName: 'สมชาย', familyName: 'ใจดี', phoneNumber: '+66 81 234 5678' },
  { givenName: 'Þórdís', familyName: 'Guðmundsdóttir', emailAddress: 'thordis@example.is' },
  {
    companyName:
      'Gesellschaft zur Förderung handwerklich gerösteter Kaffeespezialitäten mit sehr langem Namen mbH & Co. KG',
    phoneNumber: '+49 30 901820',
  },
  { emailAddress: 'only.an.email.address.that.is.quite.long.indeed@subdomain.of.a.long.example.org' },
  {
    givenName: 'José María',
    familyName: 'de la Concepción Fernández-Villaverde y Ortiz de Zárate',
    phoneNumber: '+34 600 123 456',
  },
  ...Array.from({ length: 50 }, (_, at) => ({
    givenName:
      ['Lee', 'Maya', 'Omar', 'Priya', 'Quinn', 'Rosa', 'Sven', 'Tara', 'Uma', 'Vera'][at % 10] ?? 'Zoe',
    familyName: ['Adler', 'Brandt', 'Costa', 'Dunn', 'Eze'][Math.floor(at / 10)] ?? 'Young',
    phoneNumber: `+1 212-555-02${String(at).padStart(2, '0')}`,
  })),
]
