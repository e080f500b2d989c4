using Dapper;
using Mainstay.Audit.Recording;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>Waits for new entries, and for what is asked of the sink.</summary>
internal sealed class SinkWakeup : IDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly string sinkName;
    private readonly TimeProvider clock;
    private bool heard;
    private bool asked;

    private SinkWakeup(NpgsqlConnection connection, string sinkName, TimeProvider clock)
    {
        (this.connection, this.sinkName, this.clock) = (connection, sinkName, clock);
        connection.Notification += Hear;
    }

    public static async Task<SinkWakeup> ListenAsync(NpgsqlConnection connection, string sinkName, TimeProvider clock, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition($"listen {AppendEvents.Channel}; listen {SinkStore.Channel}", cancellationToken: cancellationToken));
        return new SinkWakeup(connection, sinkName, clock);
    }

    /// <summary>Returns at the next new entry or request, or after a time; true when something is asked of the sink.</summary>
    public async Task<bool> WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        // What came while something else was read counts too.
        if (!heard)
        {
            // Npgsql counts in whole milliseconds, and takes none for "for ever".
            await connection.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling(longest.TotalMilliseconds)), cancellationToken);
        }

        var was = asked;
        heard = asked = false;
        return was;
    }

    /// <summary>Returns after a time, or when something is asked of the sink.</summary>
    public async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        for (var left = pause; left > TimeSpan.Zero; left = pause - clock.GetElapsedTime(start))
        {
            if (await WaitAsync(left, cancellationToken))
            {
                return;
            }
        }
    }

    public void Dispose() => connection.Notification -= Hear;

    private void Hear(object sender, NpgsqlNotificationEventArgs notification)
    {
        heard = true;
        asked |= notification.Channel == SinkStore.Channel && notification.Payload == sinkName;
    }
}
