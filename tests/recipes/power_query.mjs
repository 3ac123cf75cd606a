// Carries out a Power Query recipe: node power_query.mjs "<recipe>". Prints the table as JSON: {types, rows}.
// Microsoft's own parser reads it. What it says is done by these few functions, written after Microsoft's reference of
// the language, since its engine only exists within Excel and Power BI. They know no more than a recipe needs: an
// option, a function or an expression that is not here is an error.
import parser from "@microsoft/powerquery-parser";

const isText = (value) => typeof value === "string";

function must(is, message) {
  if (!is) throw new Error(message);
}

function options(given, known) {
  for (const name of Object.keys(given ?? {})) must(name in known, `${name} is no option here`);
  return { ...known, ...given };
}

function csvRows(text, delimiter) {
  const rows = [[]];
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|$)`, "y");
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    must(found, "a quote stands where none may");
    const [, quoted, plain, end] = found;
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === delimiter && cell.lastIndex === text.length) rows.at(-1).push("");
    else if (end !== delimiter && cell.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

const TYPES = {
  "Int64.Type": (text) => (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
  "type text": (text) => text,
  // A day as YYYY-MM-DD, which is the same in each culture.
  "type date": (text) => (new Date(`${text}T00:00Z`).toJSON?.()?.startsWith(`${text}T`) ? text : undefined),
};

const LIBRARY = {
  "Web.Contents": async (address) => {
    const answer = await fetch(address);
    must(answer.ok, `${address} answered ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  },
  "Csv.Document": (file, given) => {
    const asked = options(given, { Delimiter: ",", Encoding: 65001, QuoteStyle: "QuoteStyle.None" });
    must(Buffer.isBuffer(file), "Csv.Document reads a file");
    must(asked.Encoding === 65001, "the file is in UTF-8");
    must(asked.QuoteStyle === "QuoteStyle.Csv", "without QuoteStyle.Csv, a line break within quotes ends a row");
    const rows = csvRows(new TextDecoder("utf-8", { fatal: true }).decode(file), asked.Delimiter);
    const columns = rows[0].map((_, place) => `Column${place + 1}`);
    must(rows.every((row) => row.length === columns.length), "not all rows are of one length");
    return { columns, types: columns.map(() => "type text"), rows };
  },
  "Table.PromoteHeaders": (table, given) => {
    options(given, { PromoteAllScalars: false, Culture: null });
    const [columns, ...rows] = table.rows;
    return { ...table, columns, rows };
  },
  "Table.TransformColumnTypes": (table, changes, culture) => {
    must(culture === undefined || isText(culture), "a culture is text");
    const types = [...table.types];
    for (const [name, type] of changes) {
      must(table.columns.includes(name), `The column '${name}' of the table wasn't found.`);
      types[table.columns.indexOf(name)] = type;
    }
    const rows = table.rows.map((row) =>
      row.map((text, place) => {
        if (text === "" && types[place] !== "type text") return null;
        const value = TYPES[types[place]](text);
        must(value !== undefined, `“${text}” in ${table.columns[place]} is not of ${types[place]}`);
        return value;
      }),
    );
    return { ...table, types, rows };
  },
  "QuoteStyle.Csv": "QuoteStyle.Csv",
  "QuoteStyle.None": "QuoteStyle.None",
  "Int64.Type": "Int64.Type",
};

const elements = (wrapper) => wrapper.elements.map((element) => element.node);

async function value(node, names) {
  switch (node.kind) {
    case "LetExpression": {
      // Each may name those before it: all that a recipe needs of M's order of evaluation.
      const known = { ...names };
      for (const { key, value: said } of elements(node.variableList)) known[key.literal] = await value(said, known);
      return value(node.expression, known);
    }
    case "RecursivePrimaryExpression": {
      const [invoked, ...more] = node.recursiveExpressions.elements;
      must(invoked.kind === "InvokeExpression" && !more.length, `${invoked.kind} is not known here`);
      const called = await value(node.head, names);
      must(typeof called === "function", `${node.head.identifier?.literal} is no function`);
      const given = [];
      for (const each of elements(invoked.content)) given.push(await value(each, names));
      return called(...given);
    }
    case "IdentifierExpression": {
      const name = node.identifier.literal;
      must(name in names, `The name '${name}' wasn't recognized.`);
      return names[name];
    }
    case "RecordExpression": {
      const record = {};
      for (const { key, value: said } of elements(node.content)) record[key.literal] = await value(said, names);
      return record;
    }
    case "ListExpression":
      return Promise.all(elements(node.content).map((each) => value(each, names)));
    case "TypePrimaryType":
      must(node.paired.kind === "PrimitiveType", `${node.paired.kind} is not known here`);
      return `type ${node.paired.primitiveTypeKind}`;
    case "LiteralExpression":
      if (node.literalKind === "Text") return node.literal.slice(1, -1).replaceAll('""', '"');
      return JSON.parse(node.literal);
    default:
      throw new Error(`${node.kind} is not known here`);
  }
}

const read = await parser.TaskUtils.tryLexParse(parser.DefaultSettings, process.argv[2]);
must(!read.error, read.error?.message);
const { columns, types, rows } = await value(read.ast, LIBRARY);
const typed = Object.fromEntries(columns.map((name, place) => [name, types[place]]));
const told = rows.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place]])));
console.log(JSON.stringify({ types: typed, rows: told }));
