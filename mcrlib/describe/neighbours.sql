-- uses: scores
-- Deals that closed, by industry: how many, and how many of them were lost, where another account of the same industry and
-- city had been hurt in the year before (a severe complaint, or an answer of $hurt or less), and where none had.
select
    industry,
    is_beside_hurt,
    count(*) as n_deals,
    count(case when status = 'lost' then 1 end) as n_lost
from (
    select
        deals.opportunity_id,
        deals.industry,
        deals.status,
        max(case when hurt.account_id is not null then 1 else 0 end) as is_beside_hurt
    from (
        select
            opportunities.opportunity_id,
            opportunities.account_id,
            opportunities.status,
            opportunities.closed_date,
            accounts.industry,
            accounts.city
        from opportunities
        inner join accounts on opportunities.account_id = accounts.account_id
        where
            opportunities.status in ('won', 'lost')
            and opportunities.closed_date <= cast($as_of as date)
            and accounts.industry is not null
            and accounts.city is not null
    ) as deals
    left join (
        select
            moments.account_id,
            moments.day,
            accounts.industry,
            accounts.city
        from (
            select account_id, opened_date as day from cases where severity <= 2
            union
            select account_id, survey_date as day from scores where score01 <= cast($hurt as double)
        ) as moments
        inner join accounts on moments.account_id = accounts.account_id
    ) as hurt
        on
            deals.industry = hurt.industry
            and deals.city = hurt.city
            and deals.account_id <> hurt.account_id
            and hurt.day < deals.closed_date
            and date_diff('day', hurt.day, deals.closed_date) <= 365
    group by deals.opportunity_id, deals.industry, deals.status
) as seen
group by industry, is_beside_hurt
order by industry, is_beside_hurt
