-- uses: agreed, touches
-- Relationship of the organisations, two parts of which those that are known count: a live agreement (strategic or
-- framework 1, any other 0.5, none 0; unknown where nothing tells whether the only ones are live) and a visit of
-- executives or a strategy meeting within a year (1 or 0).
select
    account_id,
    'organisation' as part,
    (coalesce(agreement, 0) + coalesce(visited, 0))
    / nullif(cast(case when agreement is null then 0 else 1 end + case when visited is null then 0 else 1 end as double), 0)
        as value,
    cast(case when agreement is null then 0 else 1 end + case when visited is null then 0 else 1 end as bigint) as n,
    cast(case when agreement is null then 0 else 1 end + case when visited is null then 0 else 1 end as double) / 2
        as coverage
from (
    select
        accounts.account_id,
        case when (select count(*) from contracts) > 0
            then coalesce(held.degree, case when coalesce(held.n_unknown, 0) = 0 then 0 end)
        end as agreement,
        case
            when (select count(*) from touches where activity_type in ('exec_visit', 'strategy_meeting')) > 0
                then coalesce(met.was_met, 0)
        end as visited
    from accounts
    left join (
        select
            account_id,
            max(case when is_live then case when kind in ('strategic', 'framework') then 1.0 else 0.5 end end) as degree,
            sum(case when is_live is null then 1 else 0 end) as n_unknown
        from agreed
        group by account_id
    ) as held on accounts.account_id = held.account_id
    left join (
        select account_id, 1 as was_met
        from touches
        where activity_type in ('exec_visit', 'strategy_meeting') and age < 365
        group by account_id
    ) as met on accounts.account_id = met.account_id
) as known
