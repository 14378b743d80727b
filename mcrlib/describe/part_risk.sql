-- uses: persons
-- Freedom from risk: 1 less the greater of two dangers. Held by one of us: the largest share, by weight in decisions, of
-- the people in touch whom only one of ours is in touch with. Grievances: rank of the stock of complaints by severity,
-- which halves a year after they are settled.
select
    accounts.account_id,
    'risk' as part,
    1 - greatest(coalesce(held.share, aggrieved.place), coalesce(aggrieved.place, held.share)) as value,
    coalesce(held.n, 0) as n,
    (case when held.share is null then 0 else 1 end + case when aggrieved.place is null then 0 else 1 end)
    / cast(2 as double) as coverage
from accounts
left join (
    select
        account_id,
        max(cast(exclusive as double) / nullif(cast(whole as double), 0)) as share,
        max(n) as n
    from (
        select
            account_id,
            sum(case when n_sellers = 1 then power else 0 end) as exclusive,
            sum(sum(power)) over (partition by account_id) as whole,
            sum(count(*)) over (partition by account_id) as n
        from persons
        where n_sellers >= 1
        group by account_id, case when n_sellers = 1 then only_seller end
    ) as by_seller
    group by account_id
) as held on accounts.account_id = held.account_id
left join (
    select
        account_id,
        percent_rank() over (order by stock) as place
    from (
        select
            accounts.account_id,
            coalesce(sum(
                cast(
                    (5 - coalesce(cases.severity, 3)) / cast(4 as double)
                    * case
                        when cases.closed_date <= cast($as_of as date) then power(
                            cast(2 as double),
                            -date_diff('day', cases.closed_date, cast($as_of as date)) / cast(365 as double)
                        )
                        else 1
                    end as decimal(18, 10)
                )
            ), 0) as stock
        from accounts
        left join cases
            on
                accounts.account_id = cases.account_id
                and cases.opened_date <= cast($as_of as date)
                and coalesce(cases.kind, 'issue') <> 'question'
        where (select count(*) from cases) > 0
        group by accounts.account_id
    ) as grieved
) as aggrieved on accounts.account_id = aggrieved.account_id
where held.share is not null or aggrieved.place is not null
