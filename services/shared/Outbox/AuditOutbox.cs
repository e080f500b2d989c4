using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Mainstay.BusContracts;
using Npgsql;

namespace Mainstay.ServiceDefaults.Outbox;

/// <summary>Writes audit events beside the state that they report, so that neither can exist without the other.</summary>
public sealed partial class AuditOutbox
{
    internal const string Channel = "outbox";

    private const string Insert = """
        with written as (
            insert into outbox (routing_key, body, trace_parent)
            values (@RoutingKey, @Body::jsonb, @TraceParent)
        )
        select pg_notify(@Channel, '')
        """;

    /// <summary>
    /// Writes an event in the caller's transaction; it is published once that commits. U+0000 becomes U+FFFD, as the columns of most who store events
    /// cannot hold it. An action or a result that is not lower-case words joined by underscores is an <see cref="ArgumentException"/>.
    /// </summary>
    public async Task AppendAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        var traced = auditEvent.TraceId.Length > 0 || Activity.Current is null
            ? auditEvent
            : auditEvent with { TraceId = Activity.Current.TraceId.ToHexString() };
        await connection.ExecuteAsync(new CommandDefinition(
            Insert,
            new
            {
                RoutingKey = $"{traced.Service}.{Word(traced.Action)}.{Word(traced.Result)}",
                Body = EscapedNul().Replace(JsonSerializer.Serialize(traced with { Timestamp = ToMilliseconds(traced.Timestamp) }), @"\ufffd"),
                TraceParent = Activity.Current?.Id,
                Channel,
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    // A dot would make one word of the routing key two.
    private static string Word(string text) =>
        Words().IsMatch(text) ? text : throw new ArgumentException($"'{text}' is not lower-case words joined by underscores.", nameof(text));

    [GeneratedRegex(@"\A[a-z0-9]+(_[a-z0-9]+)*\z")]
    private static partial Regex Words();

    // Not where the backslash is itself escaped.
    [GeneratedRegex(@"(?<=(?<!\\)(?:\\\\)*)\\u0000")]
    private static partial Regex EscapedNul();

    private static DateTimeOffset ToMilliseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}
