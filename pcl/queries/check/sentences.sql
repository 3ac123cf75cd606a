-- What a biller reads of each verdict, and what it rests on. `listings` are, at most {cited} of them, by number:
--   listed                      all that are in force under the code on the day and fit what is given
--   listed_under_other_code     all that are in force under other codes and fit
--   ambiguous                   of both, those under the code first
--   not_listed, not required    the last that ended before the day, the first to come, and those of the same model
--                               number under another product name
, rule AS MATERIALIZED (
    SELECT requirement.id, exception_text, fallback_code, CASE
        WHEN lower(in_force) IS NULL AND upper(in_force) IS NULL THEN concat(
            'Only products on the list may be billed under ', code, '; the source names no first date of service.')
        WHEN lower(in_force) IS NULL THEN concat(
            'Only products on the list may be billed under ', code, ' for dates of service to ',
            to_char((upper(in_force) - 1)::timestamp, 'FMMonth FMDD, YYYY'),
            '; the source names no first date of service.')
        ELSE concat(
            'For dates of service from ', to_char(lower(in_force)::timestamp, 'FMMonth FMDD, YYYY'),
            CASE WHEN upper(in_force) IS NULL THEN ' on'
                ELSE ' to ' || to_char((upper(in_force) - 1)::timestamp, 'FMMonth FMDD, YYYY') END,
            ', only products on the list may be billed under ', code, '.')
        END AS the_requirement
    FROM pcl_requirement AS requirement JOIN meaning ON meaning.id = requirement.code_id
),
-- When a requirement begins that is not yet in force.
later AS MATERIALIZED (
    SELECT code_id, array_agg(lower(in_force)) AS first_days
    FROM pcl_requirement JOIN meaning ON meaning.id = code_id WHERE lower(in_force) IS NOT NULL GROUP BY code_id
),
misnamed AS MATERIALIZED (
    SELECT asked, (array_agg(listing_id ORDER BY listing_id))[1:{cited}] AS listings
    FROM found
    WHERE NOT fits AND asked NOT IN (SELECT asked FROM fitting)
    GROUP BY asked
),
cited AS (
    SELECT verdict.*,
        misnamed.asked IS NOT NULL AS is_misnamed,
        to_char(day::timestamp, 'FMMonth FMDD, YYYY') AS the_day,
        coalesce(CASE answer
            WHEN 'listed' THEN here[1:{cited}]
            WHEN 'listed_under_other_code' THEN elsewhere[1:{cited}]
            WHEN 'ambiguous' THEN (coalesce(here, '{}') || coalesce(elsewhere, '{}'))[1:{cited}]
            WHEN 'unknown_code' THEN '{}'
            WHEN 'code_not_valid' THEN '{}'
            ELSE coalesce(misnamed.listings, array_remove(ARRAY[ended, to_come], NULL))
        END, '{}') AS listings
    FROM verdict
    LEFT JOIN misnamed USING (asked)
),
-- The first listing cited, in words.
told AS (
    SELECT cited.*, entry.listing_id AS first_listing, entry.in_force, entry.code AS first_code,
        concat(
            '“', entry.product, '” by ', entry.manufacturer,
            CASE WHEN entry.distributor <> '' THEN concat(' (distributor: ', entry.distributor, ')') END,
            CASE WHEN entry.model_number <> '' THEN concat(', model number ', entry.model_number) END
        ) AS the_product,
        the_requirement, exception_text, fallback_code, first_days
    FROM cited
    LEFT JOIN found AS entry ON entry.asked = cited.asked AND entry.listing_id = cited.listings[1]
    LEFT JOIN rule ON rule.id = cited.requirement
    LEFT JOIN later ON later.code_id = cited.meaning AND answer = 'verification_not_required'
)
SELECT number, answer,
    array_remove(CASE answer
        WHEN 'unknown_code' THEN ARRAY[
            concat('This register knows no HCPCS Level II code ', code, '.'),
            CASE WHEN code !~ '^[A-Z][0-9]{4}$' THEN 'Such a code is one letter and four digits, without modifiers, such as K1007.' END
        ]
        WHEN 'code_not_valid' THEN ARRAY[
            concat(code, ' is not valid on ', the_day, ', so nothing can be billed under it for that date of service.'),
            'Its last day of use was '
                || to_char((upper(code_days * datemultirange(daterange(NULL, day))) - 1)::timestamp, 'FMMonth FMDD, YYYY') || '.',
            CASE WHEN isempty(code_days * datemultirange(daterange(NULL, day))) THEN 'Its first day of use is '
                ELSE 'CMS uses the code again, with another meaning, from ' END
                || to_char(lower(code_days * datemultirange(daterange(day, NULL)))::timestamp, 'FMMonth FMDD, YYYY') || '.'
        ]
        WHEN 'listed' THEN ARRAY[
            concat(
                the_product, ' is listed under ', code, ' for dates of service from ',
                to_char(lower(in_force)::timestamp, 'FMMonth FMDD, YYYY'),
                CASE WHEN upper(in_force) IS NULL THEN ' on; no end is set.'
                    ELSE concat(' to ', to_char((upper(in_force) - 1)::timestamp, 'FMMonth FMDD, YYYY'), '.') END
            ),
            CASE WHEN cardinality(here) > 1 THEN concat(
                cardinality(here), ' listings under ', code, ' fit what is given, and all are in force on that day',
                CASE WHEN cardinality(here) > {cited} THEN '; the first {cited} are cited.' ELSE '.' END) END,
            CASE WHEN by_another_name THEN
                'The list has it under another name today than the one given; both are names of the same.' END,
            the_requirement
        ]
        WHEN 'listed_under_other_code' THEN ARRAY[
            concat(the_product, ' is not listed under ', code, ' on ', the_day, '. It is listed under ', first_code, '.'),
            CASE WHEN cardinality(elsewhere) > 1 THEN concat(
                cardinality(elsewhere), ' listings under other codes fit what is given',
                CASE WHEN cardinality(elsewhere) > {cited} THEN '; the first {cited} are cited.' ELSE '.' END) END,
            CASE WHEN by_another_name THEN
                'The list has it under another name today than the one given; both are names of the same.' END,
            the_requirement
        ]
        WHEN 'ambiguous' THEN ARRAY[
            CASE
                WHEN told.asked IS NULL THEN
                    'The answer depends on the product. Give the manufacturer, the product or the model number.'
                WHEN fitting_listings > {most} THEN
                    concat('What is given fits ', fitting_listings, ' listings, too many to be told apart.')
                ELSE concat(
                    'What is given fits ', models, ' models, and the answer is not the same for all: on ', the_day, ', ',
                    under_it, CASE under_it WHEN 1 THEN ' is' ELSE ' are' END, ' listed under ', code, ', ',
                    under_any - under_it, ' only under another code, and ', models - under_any, ' not at all.')
            END,
            CASE
                WHEN told.asked IS NULL THEN NULL
                WHEN '' IN (vague.product_folded, vague.model_normalized, vague.organization_key) THEN concat('Give the ', array_to_string(array_remove(ARRAY[
                        CASE vague.product_folded WHEN '' THEN 'product' END,
                        CASE vague.model_normalized WHEN '' THEN 'model number' END,
                        CASE vague.organization_key WHEN '' THEN 'manufacturer' END
                    ], NULL), ' or the '), ', too.')
                ELSE 'Several listings share these names. Where the label names a distributor, give its name as the '
                    'manufacturer; otherwise compare the label with the listings cited.'
            END,
            the_requirement
        ]
        ELSE ARRAY[
            CASE WHEN told.asked IS NULL THEN 'No product is given, so only the code was checked.'
                ELSE concat('No listing under ', code, ' that is in force on ', the_day, ' fits what is given.') END,
            CASE WHEN is_misnamed THEN concat(
                'The same model number is on the list under another product name: ', the_product, ', under ', first_code,
                '. Compare the label with that listing.') END,
            CASE WHEN ended IS NOT NULL THEN concat(
                the_product, ' was listed under ', code, ' until ', to_char(last_day::timestamp, 'FMMonth FMDD, YYYY'), '.') END,
            CASE WHEN to_come IS NOT NULL THEN concat(
                CASE WHEN ended IS NULL THEN the_product || ' is listed under ' || code ELSE 'It is listed again' END,
                ' from ', to_char(first_day::timestamp, 'FMMonth FMDD, YYYY'), ' on.') END,
            CASE answer WHEN 'not_listed' THEN the_requirement ELSE concat(
                code, ' is valid on ', the_day,
                ', and this register knows of no requirement that products be verified for it on that day.') END,
            CASE answer WHEN 'not_listed' THEN nullif(exception_text, '') ELSE (
                SELECT concat('Verification is required for dates of service from ',
                    to_char(min(begins)::timestamp, 'FMMonth FMDD, YYYY'), ' on.')
                FROM unnest(first_days) AS begins WHERE begins > day HAVING count(*) > 0
            ) END,
            CASE WHEN answer = 'not_listed' AND fallback_code <> '' THEN
                concat('A product that is not listed: ', rtrim(fallback_code, '.'), '.') END
        ]
    END, NULL) AS reasons,
    listings, requirement
FROM told
LEFT JOIN asked AS vague ON answer = 'ambiguous' AND vague.asked = told.asked
