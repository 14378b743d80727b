-- uses: touches
-- How our corners work together, of the last 365 days: deals that reached a proposal and how many of them somebody of
-- fulfilment (FR) had touched before, from the deal's beginning on; meetings that name several of ours, and how many of
-- all meetings two corners attended. Empty where nobody is known to be fulfilment, or no activity names several of ours.
select
    case when parts.n_fr > 0 then quoted.n_deals end as n_deals,
    case when parts.n_fr > 0 then quoted.n_early end as n_early,
    case when met.n_shared > 0 then met.n_meetings end as n_meetings,
    case when met.n_shared > 0 then met.n_joint end as n_joint
from (
    select
        cast(count(*) as bigint) as n_deals,
        cast(coalesce(sum(is_early), 0) as bigint) as n_early
    from (
        select
            deals.opportunity_id,
            max(case when owners.role = 'FR' then 1 else 0 end) as is_early
        from (
            select
                opportunities.opportunity_id,
                opportunities.account_id,
                opportunities.created_date,
                min(stage_history.changed_date) as quoted_date
            from opportunities
            inner join stage_history on opportunities.opportunity_id = stage_history.object_id
            where stage_history.new = 'propose' and stage_history.changed_date <= cast($as_of as date)
            group by opportunities.opportunity_id, opportunities.account_id, opportunities.created_date
        ) as deals
        left join touches
            on
                deals.account_id = touches.account_id
                and touches.activity_date <= deals.quoted_date
                and coalesce(
                    touches.activity_date >= deals.created_date,
                    date_diff('day', touches.activity_date, deals.quoted_date) <= 365
                )
        left join owners on touches.seller = owners.owner_id
        where date_diff('day', deals.quoted_date, cast($as_of as date)) < 365
        group by deals.opportunity_id
    ) as reached
) as quoted
cross join (
    select
        cast(count(*) as bigint) as n_meetings,
        sum(case when n_sellers > 1 then 1 else 0 end) as n_shared,
        cast(coalesce(sum(case when n_roles > 1 then 1 else 0 end), 0) as bigint) as n_joint
    from (
        select
            touches.activity_id,
            count(distinct touches.seller) as n_sellers,
            count(distinct owners.role) as n_roles
        from touches
        left join owners on touches.seller = owners.owner_id
        where
            touches.age < 365
            and touches.activity_type in (
                'visit', 'meeting', 'demo', 'showroom', 'exec_visit', 'strategy_meeting', 'service_visit'
            )
        group by touches.activity_id
    ) as meetings
) as met
cross join (
    select count(*) as n_fr
    from owners
    inner join touches on owners.owner_id = touches.seller
    where owners.role = 'FR'
) as parts
