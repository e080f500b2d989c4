using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Mainstay.BusContracts;
using Npgsql;

namespace Mainstay.ServiceDefaults.Outbox;

/// <summary>Writes audit events beside the state that they report, so that neither can exist without the other.</summary>
public sealed class AuditOutbox
{
    internal const string Channel = "outbox";

    private const string Insert = """
        with written as (
            insert into outbox (routing_key, body, trace_parent)
            values (@RoutingKey, @Body::jsonb, @TraceParent)
        )
        select pg_notify(@Channel, '')
        """;

    /// <summary>Writes an event in the caller's transaction; it is published once that commits.</summary>
    public async Task AppendAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        var traced = auditEvent.TraceId.Length > 0 || Activity.Current is null
            ? auditEvent
            : auditEvent with { TraceId = Activity.Current.TraceId.ToHexString() };
        await connection.ExecuteAsync(new CommandDefinition(
            Insert,
            new
            {
                RoutingKey = $"{traced.Service}.{traced.Action}.{traced.Result}",
                Body = JsonSerializer.Serialize(traced with { Timestamp = ToMilliseconds(traced.Timestamp) }),
                TraceParent = Activity.Current?.Id,
                Channel,
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    private static DateTimeOffset ToMilliseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}
