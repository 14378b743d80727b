-- uses: touches
-- The corners of the iron triangle (AR, SR, FR) of each account: how many people are named for the corner, how many of
-- ours in that part touched the account in the last 90 days (by their part in its team, else by their own part), and
-- how many touches that were in the last 365 days. An account has all three rows.
select
    corners.account_id,
    corners.role,
    coalesce(named.n, 0) as n_named,
    coalesce(seen.n_live, 0) as n_live,
    coalesce(seen.n_touches, 0) as n_touches
from (
    select accounts.account_id, parts.role
    from accounts
    cross join (select 'AR' as role union all select 'SR' as role union all select 'FR' as role) as parts
) as corners
left join (
    select account_id, role, cast(count(distinct owner_id) as bigint) as n
    from (
        select account_id, role, owner_id
        from account_team
        where
            coalesce(valid_from <= cast($as_of as date), true)
            and coalesce(valid_to > cast($as_of as date), true)
        union all
        select accounts.account_id, coalesce(owners.role, 'AR') as role, accounts.owner_id
        from accounts
        left join owners on accounts.owner_id = owners.owner_id
        where accounts.owner_id is not null
    ) as people
    group by account_id, role
) as named on corners.account_id = named.account_id and corners.role = named.role
left join (
    select
        touches.account_id,
        coalesce(team.role, owners.role) as role,
        cast(count(distinct case when touches.age <= 90 then touches.seller end) as bigint) as n_live,
        cast(count(distinct touches.activity_id) as bigint) as n_touches
    from touches
    left join owners on touches.seller = owners.owner_id
    left join (
        select account_id, owner_id, min(role) as role
        from account_team
        where role in ('AR', 'SR', 'FR')
        group by account_id, owner_id
    ) as team on touches.account_id = team.account_id and touches.seller = team.owner_id
    where touches.age < 365
    group by touches.account_id, coalesce(team.role, owners.role)
) as seen on corners.account_id = seen.account_id and corners.role = seen.role
order by corners.account_id, corners.role
