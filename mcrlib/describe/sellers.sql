-- uses: holders, touches
-- Our people as they stand at the as-of date: what they are, and what they logged in the last 365 days. Also those who
-- hold, held or touch accounts and are in no list of ours.
select
    known.owner_id,
    owners.owner_name,
    owners.department,
    owners.region,
    owners.role,
    owners.manager_id,
    owners.hired_date,
    case when owners.left_date <= cast($as_of as date) then owners.left_date end as left_date,
    owners.work_city,
    coalesce(owners.left_date > cast($as_of as date), coalesce(owners.is_active, true)) as is_here,
    coalesce(done.n_touches, 0) as n_touches,
    done.hours,
    coalesce(targets.n, 0) > 0 as has_target,
    coalesce(plans.n, 0) > 0 as has_plan
from (
    select owner_id from owners
    union
    select owner_id from holders where owner_id is not null
    union
    select seller as owner_id from touches where seller is not null
) as known
left join owners on known.owner_id = owners.owner_id
left join (
    select
        touches.seller,
        cast(count(distinct touches.activity_id) as bigint) as n_touches,
        cast(sum(activities.duration_min) as double) / 60 as hours
    from touches
    inner join activities on touches.activity_id = activities.activity_id
    where touches.age < 365
    group by touches.seller
) as done on known.owner_id = done.seller
left join (
    select scope_id, count(*) as n
    from targets
    where
        scope_type = 'user' and period <= cast($as_of as date)
        and date_diff('day', period, cast($as_of as date)) < 365
    group by scope_id
) as targets on known.owner_id = targets.scope_id
left join (
    select owner_id, count(*) as n
    from plans
    where coalesce(date_diff('day', due_date, cast($as_of as date)) < 365, true)
    group by owner_id
) as plans on known.owner_id = plans.owner_id
where coalesce(owners.user_kind, 'human') = 'human'
order by known.owner_id
