-- What a biller reads of each verdict, and what it rests on. `listings` are, at most {cited} of them, by number:
--   listed                      all that are in force under the code on the day and fit what is given
--   listed_under_other_code     all that are in force under other codes and fit
--   ambiguous                   of both, those under the code first
--   not_listed, not required    the last that ended before the day, the first to come, and those of the same model
--                               number under another product name
, misnamed AS MATERIALIZED (
    SELECT asked, (array_agg(listing_id ORDER BY listing_id))[1:{cited}] AS listings,
        (array_agg(the_product ORDER BY listing_id))[1] AS the_product, (array_agg(code ORDER BY listing_id))[1] AS its_code
    FROM one_of_several WHERE fitting_listings = 0 GROUP BY asked
),
-- What a line leaves out that fits several listings.
vague AS MATERIALIZED (
    SELECT asked, CASE
            WHEN '' IN (product_folded, model_normalized, organization_key) THEN concat(
                'Give the ', array_to_string(array_remove(ARRAY[
                    CASE product_folded WHEN '' THEN 'product' END,
                    CASE model_normalized WHEN '' THEN 'model number' END,
                    CASE organization_key WHEN '' THEN 'manufacturer' END
                ], NULL), ' or the '), ', too.')
            ELSE 'Several listings share these names. Where the label names a distributor, give its name as the '
                'manufacturer; otherwise compare the label with the listings cited.'
        END AS what_to_give
    FROM asked JOIN other USING (asked) WHERE fitting_listings > 1
),
-- With the listing that is named, and what became of it: of the only one that fits as of the several, here, where it is
-- reckoned for no line whose answer does not say it.
told AS (
    SELECT number, code, day, asked, answer, fitting_listings, models, under_it, under_any, here, elsewhere, listing,
        coalesce(ended, CASE WHEN upper(its_days) <= day THEN listing END) AS ended,
        coalesce(last_day, CASE WHEN upper(its_days) <= day THEN upper(its_days) - 1 END) AS last_day,
        coalesce(to_come, CASE WHEN lower(its_days) > day THEN listing END) AS to_come,
        coalesce(first_day, CASE WHEN lower(its_days) > day THEN lower(its_days) END) AS first_day,
        in_force, by_another_name, requirement, the_requirement, the_rest, what_to_give,
        misnamed.listings AS misnamed, coalesce(misnamed.its_code, verdict.its_code) AS its_code,
        coalesce(misnamed.the_product, verdict.the_product) AS the_product,
        to_char(day::timestamp, 'FMMonth FMDD, YYYY') AS the_day
    FROM verdict
    LEFT JOIN misnamed USING (asked)
    LEFT JOIN vague USING (asked)
)
-- The sentences. Those of most lines come first, and are joined by ||, which takes a quarter of concat's time (40 ms of
-- 100,000 lines) where nothing is null.
SELECT number, answer,
    array_remove(CASE answer
        WHEN 'listed' THEN ARRAY[
            the_product || ' is listed under ' || code || ' for dates of service from '
                || to_char(lower(in_force)::timestamp, 'FMMonth FMDD, YYYY')
                || CASE WHEN upper(in_force) IS NULL THEN ' on; no end is set.'
                    ELSE ' to ' || to_char((upper(in_force) - 1)::timestamp, 'FMMonth FMDD, YYYY') || '.' END,
            CASE WHEN cardinality(here) > 1 THEN concat(
                cardinality(here), ' listings under ', code, ' fit what is given, and all are in force on that day',
                CASE WHEN cardinality(here) > {cited} THEN '; the first {cited} are cited.' ELSE '.' END) END,
            CASE WHEN by_another_name THEN
                'The list has it under another name today than the one given; both are names of the same.' END,
            the_requirement
        ]
        WHEN 'listed_under_other_code' THEN ARRAY[
            concat(the_product, ' is not listed under ', code, ' on ', the_day, '. It is listed under ', its_code, '.'),
            CASE WHEN cardinality(elsewhere) > 1 THEN concat(
                cardinality(elsewhere), ' listings under other codes fit what is given',
                CASE WHEN cardinality(elsewhere) > {cited} THEN '; the first {cited} are cited.' ELSE '.' END) END,
            CASE WHEN by_another_name THEN
                'The list has it under another name today than the one given; both are names of the same.' END,
            the_requirement
        ]
        WHEN 'unknown_code' THEN ARRAY[
            concat('This register knows no HCPCS Level II code ', code, '.'),
            CASE WHEN code !~ '^[A-Z][0-9]{4}$' THEN
                'Such a code is one letter and four digits, without modifiers, such as K1007.' END
        ]
        WHEN 'code_not_valid' THEN ARRAY[
            concat(code, ' is not valid on ', the_day, ', so nothing can be billed under it for that date of service.')
        ] || the_rest
        WHEN 'ambiguous' THEN ARRAY[
            CASE
                WHEN asked IS NULL THEN
                    'The answer depends on the product. Give the manufacturer, the product or the model number.'
                WHEN fitting_listings > {most} THEN
                    concat('What is given fits ', fitting_listings, ' listings, too many to be told apart.')
                ELSE concat(
                    'What is given fits ', models, ' models, and the answer is not the same for all: on ', the_day, ', ',
                    under_it, CASE under_it WHEN 1 THEN ' is' ELSE ' are' END, ' listed under ', code, ', ',
                    under_any - under_it, ' only under another code, and ', models - under_any, ' not at all.')
            END,
            what_to_give,
            the_requirement
        ]
        ELSE ARRAY[
            CASE WHEN asked IS NULL THEN 'No product is given, so only the code was checked.'
                ELSE 'No listing under ' || code || ' that is in force on ' || the_day || ' fits what is given.' END,
            CASE WHEN misnamed IS NOT NULL THEN concat(
                'The same model number is on the list under another product name: ', the_product, ', under ', its_code,
                '. Compare the label with that listing.') END,
            CASE WHEN ended IS NOT NULL THEN concat(
                the_product, ' was listed under ', code, ' until ', to_char(last_day::timestamp, 'FMMonth FMDD, YYYY'), '.') END,
            CASE WHEN to_come IS NOT NULL THEN concat(
                CASE WHEN ended IS NULL THEN the_product || ' is listed under ' || code ELSE 'It is listed again' END,
                ' from ', to_char(first_day::timestamp, 'FMMonth FMDD, YYYY'), ' on.') END,
            CASE answer WHEN 'verification_not_required' THEN code || ' is valid on ' || the_day
                || ', and this register {knows} of no requirement that products be verified for it on that day.' END
        ] || the_rest
    END, NULL) AS reasons,
    coalesce(CASE answer
        WHEN 'listed' THEN coalesce(here[1:{cited}], ARRAY[listing])
        WHEN 'listed_under_other_code' THEN coalesce(elsewhere[1:{cited}], ARRAY[listing])
        WHEN 'ambiguous' THEN (here || elsewhere)[1:{cited}]
        WHEN 'unknown_code' THEN NULL
        WHEN 'code_not_valid' THEN NULL
        ELSE coalesce(misnamed, array_remove(ARRAY[ended, to_come], NULL))
    END, '{}') AS listings,
    requirement
FROM told
