-- The rules of the check, for any number of lines at once: the single check and the batch run this very statement.
-- {lines} is a query with one row per line: number, code, day, asked; {asked} one with a row for each thing that lines
-- ask about, once however many do: asked (its number), organization_key, product_folded, model_normalized. What is not
-- given is an empty text, and then does not restrict; of a line that gives nothing `asked` is null. {shown} is the
-- alias under which a listing stands as the list shows it, or showed it at an instant, and {then} what leads from `today`
-- to it. {most} is the most listings told apart.
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
kin AS MATERIALIZED (
    SELECT key, array_agg(organization) AS organizations,
        coalesce(array_agg(organization) FILTER (WHERE by_name_today), '{}') AS by_name_today
    FROM relative GROUP BY key
),
asked_product AS MATERIALIZED (
    SELECT DISTINCT product_folded AS key FROM asked WHERE product_folded <> '' AND model_normalized = ''
),
named AS MATERIALIZED (
    SELECT key, id AS product FROM asked_product JOIN pcl_product ON folded = key
    UNION
    SELECT key, product_id FROM asked_product JOIN pcl_productname ON folded = key
),

-- 3. The listings that fit what is given, found by the narrowest thing given, with the dates of service on which each can
--    be billed: the listing's own, while its code is valid. By a model number others are found, too, which `fits` leaves
--    out: those of the same maker under another product name.
by_product AS (
    SELECT asked, product.id AS product,
        product.folded <> product_folded OR NOT CASE
            WHEN organization_key = '' THEN true
            WHEN manufacturer_id = ANY (organizations) THEN manufacturer_id = ANY (by_name_today)
            ELSE distributor_id = ANY (by_name_today) END AS by_another_name
    FROM asked
    JOIN named ON named.key = product_folded
    JOIN pcl_product AS product ON product.id = named.product
    LEFT JOIN kin ON kin.key = organization_key
    WHERE model_normalized = '' AND product_folded <> ''
      AND (organization_key = '' OR manufacturer_id = ANY (organizations) OR distributor_id = ANY (organizations))
    UNION ALL
    SELECT asked, product, NOT bool_or(by_name_today)
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
    GROUP BY asked, product
),
found AS MATERIALIZED (
    SELECT asked, fits, by_another_name, listing_id, code, in_force, product, manufacturer, distributor, model_number
    FROM (
        SELECT asked,
            (asked.product_folded <> '' AND today.product_folded <> asked.product_folded) OR NOT CASE
                WHEN organization_key = '' THEN true
                WHEN today.manufacturer_organization_id = ANY (organizations)
                    THEN today.manufacturer_organization_id = ANY (by_name_today)
                ELSE today.distributor_organization_id = ANY (by_name_today) END AS by_another_name,
            asked.product_folded = '' OR today.product_folded = asked.product_folded OR EXISTS (
                SELECT FROM pcl_listing AS listing JOIN pcl_productmodel AS model ON model.id = listing.model_id
                JOIN pcl_productname AS other ON other.product_id = model.product_id
                WHERE listing.id = today.listing_id AND other.folded = asked.product_folded
            ) AS fits,
            organization_key,
            {shown}.listing_id, {shown}.code, {shown}.in_force, {shown}.product, {shown}.manufacturer,
            {shown}.distributor, {shown}.model_number
        FROM asked
        JOIN pcl_registerentry AS today ON today.model_normalized = asked.model_normalized
        {then}
        LEFT JOIN kin ON kin.key = organization_key
        WHERE asked.model_normalized <> '' AND (
            organization_key = '' OR today.manufacturer_organization_id = ANY (organizations)
            OR today.distributor_organization_id = ANY (organizations)
        )
        OFFSET 0  -- so that `fits` is reckoned once for each
    ) AS by_model_number
    WHERE fits OR organization_key <> ''
    UNION ALL
    SELECT asked, true, by_another_name, {shown}.listing_id, {shown}.code, {shown}.in_force, {shown}.product,
        {shown}.manufacturer, {shown}.distributor, {shown}.model_number
    FROM by_product
    JOIN pcl_productmodel AS model ON model.product_id = by_product.product
    JOIN pcl_listing AS listing ON listing.model_id = model.id
    JOIN pcl_registerentry AS today ON today.listing_id = listing.id
    {then}
),

-- 4. How many fit each thing, and the listing itself where one does, as for most: that needs no counting of days.
fitting AS MATERIALIZED (
    SELECT asked, count(*) AS fitting_listings, any_value(by_another_name) AS by_another_name,
        any_value(listing_id) AS listing, any_value(code) AS its_code, any_value(in_force) AS in_force
    FROM found WHERE fits GROUP BY asked
),
asking AS MATERIALIZED (
    SELECT number, line.code, day, asked, coalesce(fitting_listings, 0) AS fitting_listings,
        by_another_name AND in_force @> day AS by_another_name, listing,
        in_force @> day AND its_code = line.code AS is_here, in_force @> day AND its_code <> line.code AS is_elsewhere,
        CASE WHEN its_code = line.code THEN in_force END AS its_days
    FROM line LEFT JOIN fitting USING (asked)
),
several AS (
    SELECT number, coalesce(bool_or(found.by_another_name) FILTER (WHERE in_force @> day), false) AS by_another_name,
        count(DISTINCT model_id) AS models,
        count(DISTINCT model_id) FILTER (WHERE in_force @> day AND found.code = asking.code) AS under_it,
        count(DISTINCT model_id) FILTER (WHERE in_force @> day) AS under_any,
        array_agg(listing_id ORDER BY listing_id) FILTER (WHERE in_force @> day AND found.code = asking.code) AS here,
        array_agg(listing_id ORDER BY listing_id)
            FILTER (WHERE in_force @> day AND found.code <> asking.code) AS elsewhere,
        -- The last to have ended before the day, and the first to begin after it.
        (array_agg(listing_id ORDER BY upper(in_force) DESC, listing_id)
            FILTER (WHERE found.code = asking.code AND upper(in_force) <= day))[1] AS ended,
        max(upper(in_force)) FILTER (WHERE found.code = asking.code AND upper(in_force) <= day) - 1 AS last_day,
        (array_agg(listing_id ORDER BY lower(in_force), listing_id)
            FILTER (WHERE found.code = asking.code AND lower(in_force) > day))[1] AS to_come,
        min(lower(in_force)) FILTER (WHERE found.code = asking.code AND lower(in_force) > day) AS first_day
    FROM asking
    JOIN found USING (asked)
    JOIN pcl_listing AS model_of ON model_of.id = listing_id
    WHERE fits AND fitting_listings BETWEEN 2 AND {most}
    GROUP BY number
),
standing AS (
    SELECT asking.number, code, day, asked, fitting_listings,
        CASE fitting_listings WHEN 1 THEN asking.by_another_name ELSE several.by_another_name END AS by_another_name,
        CASE fitting_listings WHEN 1 THEN 1 ELSE models END AS models,
        CASE fitting_listings WHEN 1 THEN is_here::int ELSE under_it END AS under_it,
        CASE fitting_listings WHEN 1 THEN (is_here OR is_elsewhere)::int ELSE under_any END AS under_any,
        CASE fitting_listings WHEN 1 THEN CASE WHEN is_here THEN ARRAY[listing] END ELSE here END AS here,
        CASE fitting_listings WHEN 1 THEN CASE WHEN is_elsewhere THEN ARRAY[listing] END ELSE elsewhere END AS elsewhere,
        CASE fitting_listings WHEN 1 THEN CASE WHEN upper(its_days) <= day THEN listing END ELSE ended END AS ended,
        CASE fitting_listings WHEN 1 THEN CASE WHEN upper(its_days) <= day THEN upper(its_days) - 1 END
            ELSE last_day END AS last_day,
        CASE fitting_listings WHEN 1 THEN CASE WHEN lower(its_days) > day THEN listing END ELSE to_come END AS to_come,
        CASE fitting_listings WHEN 1 THEN CASE WHEN lower(its_days) > day THEN lower(its_days) END
            ELSE first_day END AS first_day
    FROM asking LEFT JOIN several ON several.number = asking.number
),

-- 5. The answer, in the order of DESIGN section 6.
verdict AS (
    SELECT standing.number, standing.code, standing.day, asked, fitting_listings, coalesce(models, 0) AS models,
        known.days AS code_days, meaning.id AS meaning, requirement.id AS requirement,
        coalesce(under_it, 0) AS under_it, coalesce(under_any, 0) AS under_any,
        here, elsewhere, ended, last_day, to_come, first_day, coalesce(by_another_name, false) AS by_another_name,
        CASE
            WHEN known.code IS NULL THEN 'unknown_code'
            WHEN meaning.id IS NULL THEN 'code_not_valid'
            WHEN asked IS NULL AND requirement.id IS NOT NULL THEN 'ambiguous'
            WHEN fitting_listings > {most} THEN 'ambiguous'
            WHEN under_it = models THEN 'listed'
            WHEN under_it = 0 AND under_any = models THEN 'listed_under_other_code'
            WHEN under_any > 0 THEN 'ambiguous'
            WHEN requirement.id IS NOT NULL THEN 'not_listed'
            ELSE 'verification_not_required'
        END AS answer
    FROM standing
    LEFT JOIN known ON known.code = standing.code
    LEFT JOIN meaning ON meaning.code = standing.code AND meaning.days @> standing.day
    LEFT JOIN pcl_requirement AS requirement
        ON requirement.code_id = meaning.id AND requirement.in_force @> standing.day
    OFFSET 0  -- so that each answer is reckoned once, and not kept beside
)
