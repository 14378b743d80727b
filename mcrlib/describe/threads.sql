-- uses: ties
-- On how many threads each relationship hangs at the as-of date: of ours and of theirs, counted by engagement, so that
-- a hundred touches of one and a single one of another are hardly more than one (inverse Simpson).
-- Touches with nobody of theirs named count for our side alone.
select
    sellers.account_id,
    sellers.n_sellers,
    sellers.effective_sellers,
    coalesce(people.n_contacts, 0) as n_contacts,
    people.effective_contacts,
    coalesce(people.engagement, 0) / nullif(sellers.engagement, 0) as named
from (
    select
        account_id,
        cast(count(*) as bigint) as n_sellers,
        cast(sum(engagement) as double) as engagement,
        power(cast(sum(engagement) as double), 2)
        / nullif(cast(sum(cast(power(cast(engagement as double), 2) as decimal(28, 10))) as double), 0) as effective_sellers
    from (
        select account_id, seller, sum(engagement) as engagement
        from ties
        where seller is not null
        group by account_id, seller
    ) as by_seller
    group by account_id
) as sellers
left join (
    select
        account_id,
        cast(count(*) as bigint) as n_contacts,
        cast(sum(engagement) as double) as engagement,
        power(cast(sum(engagement) as double), 2)
        / nullif(cast(sum(cast(power(cast(engagement as double), 2) as decimal(28, 10))) as double), 0) as effective_contacts
    from (
        select account_id, contact_id, sum(engagement) as engagement
        from ties
        where contact_id is not null and seller is not null
        group by account_id, contact_id
    ) as by_contact
    group by account_id
) as people on sellers.account_id = people.account_id
order by sellers.account_id
