-- What is found of each thing, and the verdict on each line. {shown} is the alias under which a listing stands as the list
-- shows it, or showed it at an instant, and {then} what leads from `today` to it; {of_that_number} leads to `today` from a
-- model number, and {named_so_then} is whether the list of the instant had the product under that name. {most} is the most
-- listings told apart.

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
by_model_number AS (
    SELECT asked,
        (asked.product_folded <> '' AND today.product_folded <> asked.product_folded AND NOT {named_so_then}) OR NOT CASE
            WHEN organization_key = '' THEN true
            WHEN today.manufacturer_organization_id = ANY (organizations)
                THEN today.manufacturer_organization_id = ANY (by_name_today)
            ELSE today.distributor_organization_id = ANY (by_name_today) END AS by_another_name,
        asked.product_folded = '' OR today.product_folded = asked.product_folded OR {named_so_then} OR EXISTS (
            SELECT FROM pcl_listing AS listing JOIN pcl_productmodel AS model ON model.id = listing.model_id
            JOIN pcl_productname AS other ON other.product_id = model.product_id
            WHERE listing.id = today.listing_id AND other.folded = asked.product_folded
        ) AS fits,
        organization_key,
        {shown}.listing_id, {shown}.code, {shown}.in_force, {shown}.product, {shown}.manufacturer,
        {shown}.distributor, {shown}.model_number
    FROM asked
    {of_that_number}
    {then}
    LEFT JOIN kin ON kin.key = organization_key
    WHERE asked.model_normalized <> '' AND (
        organization_key = '' OR today.manufacturer_organization_id = ANY (organizations)
        OR today.distributor_organization_id = ANY (organizations)
    )
    OFFSET 0  -- so that `fits` is reckoned once for each
),
found AS MATERIALIZED (
    SELECT asked, fits, by_another_name, listing_id, code, in_force, (
            '“' || product || '” by ' || manufacturer
            || CASE WHEN distributor <> '' THEN ' (distributor: ' || distributor || ')' ELSE '' END
            || CASE WHEN model_number <> '' THEN ', model number ' || model_number ELSE '' END
        ) AS the_product
    FROM (
        SELECT asked, fits, by_another_name, listing_id, code, in_force, product, manufacturer, distributor, model_number
        FROM by_model_number
        WHERE fits OR organization_key <> ''
        UNION ALL
        SELECT asked, true, by_another_name, {shown}.listing_id, {shown}.code, {shown}.in_force, {shown}.product,
            {shown}.manufacturer, {shown}.distributor, {shown}.model_number
        FROM by_product
        JOIN pcl_productmodel AS model ON model.product_id = by_product.product
        JOIN pcl_listing AS listing ON listing.model_id = model.id
        JOIN pcl_registerentry AS today ON today.listing_id = listing.id
        {then}
    ) AS either_way
),

-- 4. Most things fit one listing. `other` are all that fit none or several; so the one of the rest is taken as it was
--    found, without grouping and without counting of days.
other AS MATERIALIZED (
    SELECT asked, count(*) FILTER (WHERE fits) AS fitting_listings FROM found GROUP BY asked
    HAVING count(*) FILTER (WHERE fits) <> 1
),
only_one AS (
    SELECT * FROM found WHERE fits AND asked NOT IN (SELECT asked FROM other)
),
-- What was found of the others: several listings that fit, or, where none does, those under another product name.
one_of_several AS MATERIALIZED (
    SELECT found.*, fitting_listings
    FROM other JOIN found USING (asked)
    WHERE fits OR fitting_listings = 0
),
counted AS (
    SELECT number, asked, count(DISTINCT model_id) AS models,
        coalesce(bool_or(by_another_name) FILTER (WHERE in_force @> day), false) AS by_another_name,
        count(DISTINCT model_id) FILTER (WHERE in_force @> day AND one_of_several.code = line.code) AS under_it,
        count(DISTINCT model_id) FILTER (WHERE in_force @> day) AS under_any,
        array_agg(listing_id ORDER BY listing_id)
            FILTER (WHERE in_force @> day AND one_of_several.code = line.code) AS here,
        array_agg(listing_id ORDER BY listing_id)
            FILTER (WHERE in_force @> day AND one_of_several.code <> line.code) AS elsewhere,
        -- The last to have ended before the day, and the first to begin after it.
        (array_agg(listing_id ORDER BY upper(in_force) DESC, listing_id)
            FILTER (WHERE one_of_several.code = line.code AND upper(in_force) <= day))[1] AS ended,
        max(upper(in_force)) FILTER (WHERE one_of_several.code = line.code AND upper(in_force) <= day) - 1 AS last_day,
        (array_agg(listing_id ORDER BY lower(in_force), listing_id)
            FILTER (WHERE one_of_several.code = line.code AND lower(in_force) > day))[1] AS to_come,
        min(lower(in_force)) FILTER (WHERE one_of_several.code = line.code AND lower(in_force) > day) AS first_day
    FROM one_of_several
    JOIN line USING (asked)
    JOIN pcl_listing AS model_of ON model_of.id = listing_id
    -- Of BETWEEN, PostgreSQL would expect one in two hundred, and look up the models one by one.
    WHERE fitting_listings > 1 AND NOT fitting_listings > {most}
    GROUP BY number, asked
),
-- With the listing that is named in words, the first that is cited.
several AS (
    SELECT counted.*, code AS its_code, in_force, the_product
    FROM counted
    LEFT JOIN one_of_several AS named
        ON named.asked = counted.asked AND listing_id = coalesce(here[1], elsewhere[1], ended, to_come)
),

-- 5. The answer, in the order of DESIGN section 6.
verdict AS (
    SELECT line.number, line.code, line.day, line.asked, fitting_listings, models, under_it, under_any, here, elsewhere,
        ended, last_day, to_come, first_day, only_one.listing_id AS listing,
        CASE only_one.code WHEN line.code THEN only_one.in_force END AS its_days,
        coalesce(several.its_code, only_one.code) AS its_code, coalesce(several.in_force, only_one.in_force) AS in_force,
        coalesce(several.the_product, only_one.the_product) AS the_product,
        coalesce(several.by_another_name, only_one.by_another_name) AS by_another_name,
        requirement, the_requirement, the_rest,
        CASE
            WHEN code_then.code IS NULL THEN 'unknown_code'
            WHEN meaning IS NULL THEN 'code_not_valid'
            WHEN line.asked IS NULL AND requirement IS NOT NULL THEN 'ambiguous'
            WHEN fitting_listings > {most} THEN 'ambiguous'
            WHEN under_it = models OR (only_one.in_force @> day AND only_one.code = line.code) THEN 'listed'
            WHEN (under_it = 0 AND under_any = models) OR only_one.in_force @> day THEN 'listed_under_other_code'
            WHEN under_any > 0 THEN 'ambiguous'
            WHEN requirement IS NOT NULL THEN 'not_listed'
            ELSE 'verification_not_required'
        END AS answer
    FROM line
    LEFT JOIN code_then ON code_then.code = line.code AND code_then.days @> day
    LEFT JOIN only_one ON only_one.asked = line.asked
    LEFT JOIN several ON several.number = line.number
    LEFT JOIN other ON other.asked = line.asked
    OFFSET 0  -- so that each answer is reckoned once, and not kept beside
)
