-- uses: scores
-- Who was asked in one year, and how many new deals of others it recommended us for in the next; years are those of 365
-- days before $as_of, 0 the last one. Content is who answered $satisfied or more on average. Empty where no deal names a
-- customer that recommended us.
select
    asked.account_id,
    asked.year,
    accounts.industry,
    asked.is_satisfied,
    cast(coalesce(named.n_deals, 0) as bigint) as n_recommended
from (
    select
        account_id,
        year,
        case
            when cast(sum(score01) as double) / nullif(count(*), 0) >= cast($satisfied as double) then 1 else 0
        end as is_satisfied
    from (
        select
            account_id,
            score01,
            cast(floor(date_diff('day', survey_date, cast($as_of as date)) / cast(365 as double)) as bigint) as year
        from scores
    ) as dated
    where year >= 1
    group by account_id, year
) as asked
inner join accounts on asked.account_id = accounts.account_id
inner join (
    select max(cast(floor(date_diff('day', created_date, cast($as_of as date)) / cast(365 as double)) as bigint)) as first_year
    from opportunities
    where referrer_id is not null and created_date <= cast($as_of as date)
) as kept on asked.year <= kept.first_year + 1
left join (
    select referrer_id, year, count(*) as n_deals
    from (
        select
            referrer_id,
            cast(floor(date_diff('day', created_date, cast($as_of as date)) / cast(365 as double)) as bigint) as year
        from opportunities
        where
            referrer_id is not null
            and referrer_id <> account_id
            and created_date <= cast($as_of as date)
            and not coalesce(is_deleted, false)
            and coalesce(status, 'open') <> 'void'
    ) as opened
    group by referrer_id, year
) as named on asked.account_id = named.referrer_id and asked.year = named.year + 1
order by asked.account_id, asked.year
