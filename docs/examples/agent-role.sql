-- The role of agents who work on a PostgreSQL desk: they may do everything that commands do, but cannot rewrite
-- history, logs, mail or the desk's definition. Run it as the owner of the tables after `ticketctl init`, and again
-- after `ticketctl db upgrade`:
--
--     sudo -u ticketctl psql -d desk -f agent-role.sql
--
-- The role must exist (CREATE ROLE ticketctl_agent NOLOGIN). Admins who run `apply`, `customer erase`, `purge`, `redact`
-- or `db` work as the owner instead.

\set ON_ERROR_STOP on
BEGIN;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ticketctl_agent;
GRANT USAGE ON SCHEMA public TO ticketctl_agent;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO ticketctl_agent;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ticketctl_agent;

-- Only added to: history (event), the audit log (journal), texts, mail as it was received (inbox, blob).
GRANT INSERT ON event, journal, message, comment, blob, survey_sent, mail_state TO ticketctl_agent;
-- A merge moves messages; `undo` withdraws a comment, which history says.
GRANT UPDATE (ticket_id, n) ON message TO ticketctl_agent;
GRANT DELETE ON comment TO ticketctl_agent;
GRANT INSERT ON inbox TO ticketctl_agent;
GRANT UPDATE (ticket_id, message_n, state, since, attempts, error, claimed_by, claimed_until) ON inbox TO ticketctl_agent;

-- Tickets and what belongs to them.
GRANT INSERT, UPDATE ON ticket, absence, customer_order, delivery, mail_id, outbox, routed, rule_log TO ticketctl_agent;
GRANT INSERT, UPDATE, DELETE ON attachment, ban, clock, clock_outcome, customer, filed, identity, lease, link,
    participant, rating, saved_query, search_entry, sla_event, template, ticket_tag, turn, unsubscribed
    TO ticketctl_agent;

COMMIT;
