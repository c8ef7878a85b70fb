/** MMMU's subjects and domains (Yue et al., arXiv 2311.16502), as in the official utils/data_utils.py. */

/** In the official order, in which answers are parsed: it decides which guess each answer gets. */
export const SUBJECTS = [
  'Accounting',
  'Agriculture',
  'Architecture_and_Engineering',
  'Art',
  'Art_Theory',
  'Basic_Medical_Science',
  'Biology',
  'Chemistry',
  'Clinical_Medicine',
  'Computer_Science',
  'Design',
  'Diagnostics_and_Laboratory_Medicine',
  'Economics',
  'Electronics',
  'Energy_and_Power',
  'Finance',
  'Geography',
  'History',
  'Literature',
  'Manage',
  'Marketing',
  'Materials',
  'Math',
  'Mechanical_Engineering',
  'Music',
  'Pharmacy',
  'Physics',
  'Psychology',
  'Public_Health',
  'Sociology',
] as const;
export type Subject = (typeof SUBJECTS)[number];

export const DOMAINS = {
  'Art and Design': ['Art', 'Art_Theory', 'Design', 'Music'],
  Business: ['Accounting', 'Economics', 'Finance', 'Manage', 'Marketing'],
  Science: ['Biology', 'Chemistry', 'Geography', 'Math', 'Physics'],
  'Health and Medicine': [
    'Basic_Medical_Science',
    'Clinical_Medicine',
    'Diagnostics_and_Laboratory_Medicine',
    'Pharmacy',
    'Public_Health',
  ],
  'Humanities and Social Science': ['History', 'Literature', 'Sociology', 'Psychology'],
  'Tech and Engineering': [
    'Agriculture',
    'Architecture_and_Engineering',
    'Computer_Science',
    'Electronics',
    'Energy_and_Power',
    'Materials',
    'Mechanical_Engineering',
  ],
} as const satisfies Record<string, readonly Subject[]>;
export type Domain = keyof typeof DOMAINS;

/** Questions of each subject in the validation split. */
const QUESTIONS_PER_SUBJECT = 30;

/** What a set of questions in MMMU's format is made of. */
export interface SubjectTable {
  /** In the order in which answers are parsed: it decides which guess each answer gets. */
  readonly subjects: readonly string[];
  /** The subjects of each domain; each subject is in one. */
  readonly domains: Readonly<Record<string, readonly string[]>>;
  /** How many questions there are of each subject. */
  readonly expected: ReadonlyMap<string, number>;
}

/** MMMU's own: the validation split, 900 questions. */
export const OFFICIAL_TABLE: SubjectTable = {
  subjects: SUBJECTS,
  domains: DOMAINS,
  expected: new Map(SUBJECTS.map((subject) => [subject, QUESTIONS_PER_SUBJECT])),
};

export const isSubject = (name: string): name is Subject => SUBJECTS.some((subject) => subject === name);

/** The subject that an id such as `validation_Art_Theory_7` names, as in the official main_eval_only.py. */
export const subjectOfId = (id: string): string => id.split('_').slice(1, -1).join('_');
