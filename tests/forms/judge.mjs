// Judges answers by Ajv: reads [{schema, answers: […]}] from standard input, writes [[true, false, …]].
// The one keyword no schema can say, the check digit under x-banshi, is written here as another city would write it.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const Ajv = createRequire(process.argv[2])("ajv/dist/2020.js").default;
const LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

const CHECKS = {
  id_number: (text) => {
    const sum = [...text].slice(0, 17).reduce((total, digit, place) => total + Number(digit) * (2 ** (17 - place) % 11), 0);
    return "10X98765432"[sum % 11] === text[17];
  },
  credit_code: (text) => {
    const sum = [...text].slice(0, 17).reduce((total, sign, place) => total + LETTERS.indexOf(sign) * (3 ** place % 31), 0);
    return LETTERS[(31 - (sum % 31)) % 31] === text[17];
  },
};

const ajv = new Ajv({ allErrors: true, logger: false });
ajv.addFormat("date", true).addFormat("email", true);
ajv.addKeyword({
  keyword: "x-banshi",
  validate: (told, data) => !told.check_digit || typeof data !== "string" || data.length !== 18 || CHECKS[told.check_digit](data),
});

const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(({ schema, answers }) => {
  const valid = ajv.compile(schema);
  return answers.map((each) => valid(each));
})));
