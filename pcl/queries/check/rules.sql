-- The rules of the check, for any number of lines at once: the single check and the batch run this very statement.
-- {lines} is a query with one row per line: number, code, day, asked; {asked} one with a row for each thing that lines
-- ask about, once however many do: asked (its number), organization_key, product_folded, model_normalized. What is not
-- given is an empty text, and then does not restrict; of a line that gives nothing `asked` is null. {entries} is what the
-- list shows, or showed at an instant. {most} is the most listings told apart.
line AS MATERIALIZED ({lines}),
asked AS MATERIALIZED ({asked}),

-- 1. The code. Each meaning with the days on which the code has it: added and termination date included. Of two meanings
--    that claim one day, the newer has it. The action date says nothing about validity.
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
known AS MATERIALIZED (
    SELECT code, range_agg(days) AS days FROM meaning GROUP BY code
),

-- 2. Who and what is named: organizations by any name that they ever had, with all that were merged into one; products
--    by any name.
asked_organization AS MATERIALIZED (
    SELECT DISTINCT organization_key AS key FROM asked WHERE organization_key <> ''
),
family (key, organization) AS (
    (
        SELECT key, id FROM asked_organization JOIN pcl_organization ON name_key = key
        UNION
        SELECT key, organization_id FROM asked_organization JOIN pcl_organizationname ON name_key = key
    )
    UNION
    SELECT key, next_of_kin.id FROM family CROSS JOIN LATERAL (
        SELECT id FROM pcl_organization WHERE merged_into_id = family.organization
        UNION ALL
        SELECT merged_into_id FROM pcl_organization WHERE id = family.organization AND merged_into_id IS NOT NULL
    ) AS next_of_kin
),
relative AS MATERIALIZED (
    SELECT key, organization, organization.name_key = key AS by_name_today
    FROM family JOIN pcl_organization AS organization ON organization.id = family.organization
),
asked_product AS MATERIALIZED (
    SELECT DISTINCT product_folded AS key FROM asked WHERE product_folded <> '' AND model_normalized = ''
),
named AS MATERIALIZED (
    SELECT key, id AS product FROM asked_product JOIN pcl_product ON folded = key
    UNION
    SELECT key, product_id FROM asked_product JOIN pcl_productname ON folded = key
),

-- 3. The models that fit what is given, found by the narrowest thing given.
fit AS (
    SELECT asked, model.id AS model,
        (product_folded <> '' AND product.folded <> product_folded)
            OR (organization_key <> '' AND NOT coalesce(maker.by_name_today, seller.by_name_today)) AS by_another_name
    FROM asked
    JOIN pcl_productmodel AS model ON model.normalized = asked.model_normalized
    JOIN pcl_product AS product ON product.id = model.product_id
    LEFT JOIN relative AS maker ON maker.key = organization_key AND maker.organization = product.manufacturer_id
    LEFT JOIN relative AS seller ON seller.key = organization_key AND seller.organization = product.distributor_id
    WHERE model_normalized <> ''
      AND (product_folded = '' OR product.folded = product_folded OR EXISTS (
          SELECT FROM pcl_productname AS other WHERE other.product_id = product.id AND other.folded = product_folded
      ))
      AND (organization_key = '' OR maker.organization IS NOT NULL OR seller.organization IS NOT NULL)
    UNION ALL
    SELECT asked, model.id,
        (product_folded <> '' AND product.folded <> product_folded)
            OR (organization_key <> '' AND NOT coalesce(maker.by_name_today, seller.by_name_today))
    FROM asked
    JOIN named ON named.key = product_folded
    JOIN pcl_product AS product ON product.id = named.product
    JOIN pcl_productmodel AS model ON model.product_id = product.id
    LEFT JOIN relative AS maker ON maker.key = organization_key AND maker.organization = product.manufacturer_id
    LEFT JOIN relative AS seller ON seller.key = organization_key AND seller.organization = product.distributor_id
    WHERE model_normalized = '' AND product_folded <> ''
      AND (organization_key = '' OR maker.organization IS NOT NULL OR seller.organization IS NOT NULL)
    UNION ALL
    SELECT asked, model.id, NOT bool_or(by_name_today)
    FROM (
        SELECT asked, product.id AS product, by_name_today
        FROM asked
        JOIN relative ON relative.key = organization_key
        JOIN pcl_product AS product ON product.manufacturer_id = relative.organization
        WHERE model_normalized = '' AND product_folded = ''
        UNION
        SELECT asked, product.id, by_name_today
        FROM asked
        JOIN relative ON relative.key = organization_key
        JOIN pcl_product AS product ON product.distributor_id = relative.organization
        WHERE model_normalized = '' AND product_folded = ''
    ) AS made_or_sold
    JOIN pcl_productmodel AS model ON model.product_id = made_or_sold.product
    GROUP BY asked, model.id
),
-- Their listings, with the dates of service on which each can be billed: the listing's own, while its code is valid.
fitting AS MATERIALIZED (
    SELECT asked, model, by_another_name, listing_id, entry.code, in_force
    FROM fit
    JOIN pcl_listing AS listing ON listing.model_id = model
    JOIN {entries} AS entry ON entry.listing_id = listing.id
),
size AS MATERIALIZED (
    SELECT asked, count(*) AS listings FROM fitting GROUP BY asked
),
asking AS MATERIALIZED (
    SELECT number, code, day, asked, coalesce(size.listings, 0) AS fitting_listings FROM line LEFT JOIN size USING (asked)
),

-- 4. How each line's models stand on its day: under its code, under any code, or under none.
--    One listing that fits, as most lines find, needs no counting.
standing AS (
    SELECT number, by_another_name AND in_force @> day AS by_another_name, 1 AS models,
        (in_force @> day AND fitting.code = asking.code)::int AS under_it, (in_force @> day)::int AS under_any,
        CASE WHEN in_force @> day AND fitting.code = asking.code THEN ARRAY[listing_id] END AS here,
        CASE WHEN in_force @> day AND fitting.code <> asking.code THEN ARRAY[listing_id] END AS elsewhere,
        CASE WHEN fitting.code = asking.code AND upper(in_force) <= day THEN listing_id END AS ended,
        CASE WHEN fitting.code = asking.code AND upper(in_force) <= day THEN upper(in_force) - 1 END AS last_day,
        CASE WHEN fitting.code = asking.code AND lower(in_force) > day THEN listing_id END AS to_come,
        CASE WHEN fitting.code = asking.code AND lower(in_force) > day THEN lower(in_force) END AS first_day
    FROM asking
    JOIN fitting USING (asked)
    WHERE fitting_listings = 1
    UNION ALL
    SELECT number, coalesce(bool_or(by_another_name) FILTER (WHERE in_force @> day), false),
        count(DISTINCT model),
        count(DISTINCT model) FILTER (WHERE in_force @> day AND fitting.code = asking.code),
        count(DISTINCT model) FILTER (WHERE in_force @> day),
        array_agg(listing_id ORDER BY listing_id) FILTER (WHERE in_force @> day AND fitting.code = asking.code),
        array_agg(listing_id ORDER BY listing_id) FILTER (WHERE in_force @> day AND fitting.code <> asking.code),
        -- The last to have ended before the day, and the first to begin after it.
        (array_agg(listing_id ORDER BY upper(in_force) DESC, listing_id)
            FILTER (WHERE fitting.code = asking.code AND upper(in_force) <= day))[1],
        max(upper(in_force)) FILTER (WHERE fitting.code = asking.code AND upper(in_force) <= day) - 1,
        (array_agg(listing_id ORDER BY lower(in_force), listing_id)
            FILTER (WHERE fitting.code = asking.code AND lower(in_force) > day))[1],
        min(lower(in_force)) FILTER (WHERE fitting.code = asking.code AND lower(in_force) > day)
    FROM asking
    JOIN fitting USING (asked)
    WHERE fitting_listings BETWEEN 2 AND {most}
    GROUP BY number
),

-- 5. The answer, in the order of DESIGN section 6.
verdict AS MATERIALIZED (
    SELECT asking.number, asking.code, asking.day, asking.asked, fitting_listings, coalesce(models, 0) AS models,
        known.days AS code_days, meaning.id AS meaning, requirement.id AS requirement,
        coalesce(under_it, 0) AS under_it, coalesce(under_any, 0) AS under_any,
        here, elsewhere, ended, last_day, to_come, first_day, coalesce(by_another_name, false) AS by_another_name,
        CASE
            WHEN known.code IS NULL THEN 'unknown_code'
            WHEN meaning.id IS NULL THEN 'code_not_valid'
            WHEN asking.asked IS NULL AND requirement.id IS NOT NULL THEN 'ambiguous'
            WHEN fitting_listings > {most} THEN 'ambiguous'
            WHEN under_it = models THEN 'listed'
            WHEN under_it = 0 AND under_any = models THEN 'listed_under_other_code'
            WHEN under_any > 0 THEN 'ambiguous'
            WHEN requirement.id IS NOT NULL THEN 'not_listed'
            ELSE 'verification_not_required'
        END AS answer
    FROM asking
    LEFT JOIN known ON known.code = asking.code
    LEFT JOIN meaning ON meaning.code = asking.code AND meaning.days @> asking.day
    LEFT JOIN pcl_requirement AS requirement
        ON requirement.code_id = meaning.id AND requirement.in_force @> asking.day
    LEFT JOIN standing ON standing.number = asking.number
)
