-- uses: touches
-- Deals won in the last two years that somebody of ours leads and in whose account anything is logged while they ran,
-- and in how many of them others of ours took part, year by year (0 is the last one).
select
    ago,
    cast(count(*) as bigint) as n_won,
    cast(sum(is_helped) as bigint) as n_helped
from (
    select
        opportunities.opportunity_id,
        case when date_diff('day', min(opportunities.closed_date), cast($as_of as date)) < 365 then 0 else 1 end as ago,
        max(case when touches.seller <> opportunities.owner_id then 1 else 0 end) as is_helped
    from opportunities
    inner join touches on opportunities.account_id = touches.account_id
    left join activities on touches.activity_id = activities.activity_id
    where
        opportunities.status = 'won'
        and opportunities.owner_id is not null
        and opportunities.closed_date <= cast($as_of as date)
        and date_diff('day', opportunities.closed_date, cast($as_of as date)) < 730
        and touches.seller is not null
        and touches.activity_date <= opportunities.closed_date
        and coalesce(
            touches.activity_date >= opportunities.created_date,
            date_diff('day', touches.activity_date, opportunities.closed_date) <= 365
        )
        and coalesce(activities.opportunity_id = opportunities.opportunity_id, true)
    group by opportunities.opportunity_id
) as won
group by ago
order by ago
