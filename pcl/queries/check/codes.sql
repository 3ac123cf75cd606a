-- The rules of the check, for any number of lines at once: the single check and the batch run this very statement, which
-- goes on in rules.sql and sentences.sql.
-- {lines} is a query with one row per line: number, code, day, asked; {asked} one with a row for each thing that lines
-- ask about, once however many do: asked (its number), organization_key, product_folded, model_normalized. What is not
-- given is an empty text, and then does not restrict; of a line that gives nothing `asked` is null.
line AS NOT MATERIALIZED ({lines}),
asked AS MATERIALIZED ({asked}),
-- {required} is a query of requirements: id, code_id, in_force, exception_text, fallback_code; as the register says them,
-- or said them at an instant.
required AS NOT MATERIALIZED ({required}),

-- 1. The code: for each day of a code that is known one span of days, with what the code means then, which requirement is
--    in force, and the sentences that follow from both. They are made once for each span, not for each line.
--    Each meaning has the days from added to termination date, both included. Of two meanings that claim one day, the
--    newer has it. The action date says nothing about validity.
claimed AS (
    SELECT id, code, added, datemultirange(daterange(added, terminated, '[]')) AS days,
        range_agg(daterange(added, terminated, '[]')) OVER (
            PARTITION BY code ORDER BY added NULLS FIRST, id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS days_of_newer
    FROM hcpcs_code
    WHERE kind = 'code' AND code IN (SELECT code FROM line)
),
meaning AS MATERIALIZED (
    SELECT id, code, CASE WHEN days_of_newer IS NULL THEN days ELSE days - days_of_newer END AS days FROM claimed
),
known AS (
    SELECT code, range_agg(days) AS days FROM meaning GROUP BY code
),
of_meaning AS (
    SELECT meaning.code, meaning.id AS meaning, requirement.id AS requirement, days * datemultirange(in_force) AS days
    FROM meaning JOIN required AS requirement ON requirement.code_id = meaning.id
    UNION ALL
    SELECT meaning.code, meaning.id, NULL, days - coalesce(range_agg(in_force), '{}')
    FROM meaning LEFT JOIN required AS requirement ON requirement.code_id = meaning.id
    GROUP BY meaning.code, meaning.id, days
    UNION ALL
    SELECT code, NULL, NULL, '{(,)}' - days FROM known
),
code_then AS MATERIALIZED (
    SELECT known.code, span.days, meaning, requirement, the_requirement, CASE
            WHEN meaning IS NULL THEN ARRAY[
                'Its last day of use was ' || to_char((lower(span.days) - 1)::timestamp, 'FMMonth FMDD, YYYY') || '.',
                CASE WHEN lower(span.days) IS NULL THEN 'Its first day of use is '
                    ELSE 'CMS uses the code again, with another meaning, from ' END
                    || to_char(upper(span.days)::timestamp, 'FMMonth FMDD, YYYY') || '.'
            ]
            WHEN requirement IS NOT NULL THEN ARRAY[
                the_requirement,
                nullif(exception_text, ''),
                CASE WHEN fallback_code <> '' THEN
                    concat('A product that is not listed: ', rtrim(fallback_code, '.'), '.') END
            ]
            ELSE (
                SELECT ARRAY['Verification is required for dates of service from '
                    || to_char(min(lower(later.in_force))::timestamp, 'FMMonth FMDD, YYYY') || ' on.']
                FROM required AS later
                WHERE later.code_id = meaning AND later.in_force >> span.days
            )
        END AS the_rest
    -- The code is that of `known`, of which PostgreSQL sees that it has each once; of a union it sees nothing, and would hash
    -- the lines instead, hundreds under each code (60 ms of 100,000 lines).
    FROM known
    JOIN of_meaning ON of_meaning.code = known.code
    CROSS JOIN LATERAL unnest(of_meaning.days) AS span (days)
    LEFT JOIN required AS rule ON rule.id = requirement
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN rule.id IS NULL THEN NULL
            WHEN lower(in_force) IS NULL AND upper(in_force) IS NULL THEN concat(
                'Only products on the list may be billed under ', known.code, '; the source names no first date of service.')
            WHEN lower(in_force) IS NULL THEN concat(
                'Only products on the list may be billed under ', known.code, ' for dates of service to ',
                to_char((upper(in_force) - 1)::timestamp, 'FMMonth FMDD, YYYY'),
                '; the source names no first date of service.')
            ELSE concat(
                'For dates of service from ', to_char(lower(in_force)::timestamp, 'FMMonth FMDD, YYYY'),
                CASE WHEN upper(in_force) IS NULL THEN ' on'
                    ELSE ' to ' || to_char((upper(in_force) - 1)::timestamp, 'FMMonth FMDD, YYYY') END,
                ', only products on the list may be billed under ', known.code, '.')
            END AS the_requirement
    ) AS in_words
),

