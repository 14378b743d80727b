-- uses: part_key
-- What comes before money, one row per account as it was known at $as_of: the furthest stage of its open deals (1 lead to
-- 5 negotiation; 0 without one), the planned actions done within a year, and the bond with its key persons. Empty where
-- no deals are delivered, and for who has no plan or no key person.
select
    accounts.account_id,
    case when (select count(*) from opportunities) > 0 then cast(coalesce(climbed.ladder, 0) as double) end as ladder,
    cast(acted.n_done as double) as actions_done,
    part_key.value as key_bond
from accounts
left join (
    select open_deals.account_id, max(coalesce(passed.step, 1)) as ladder
    from (
        select opportunity_id, account_id
        from opportunities
        where
            created_date <= cast($as_of as date)
            and (closed_date is null or closed_date > cast($as_of as date))
            and coalesce(status, 'open') <> 'void'
            and not coalesce(is_deleted, false)
    ) as open_deals
    left join (
        select
            object_id as opportunity_id,
            max(
                case new
                    when 'lead' then 1 when 'qualify' then 2 when 'develop' then 3 when 'propose' then 4
                    when 'negotiate' then 5
                end
            ) as step
        from stage_history
        where changed_date <= cast($as_of as date)
        group by object_id
    ) as passed on open_deals.opportunity_id = passed.opportunity_id
    group by open_deals.account_id
) as climbed on accounts.account_id = climbed.account_id
left join (
    select
        account_id,
        count(
            case when done_date <= cast($as_of as date) and date_diff('day', done_date, cast($as_of as date)) < 365 then 1
            end
        ) as n_done
    from plans
    group by account_id
) as acted on accounts.account_id = acted.account_id
left join part_key on accounts.account_id = part_key.account_id
order by accounts.account_id
