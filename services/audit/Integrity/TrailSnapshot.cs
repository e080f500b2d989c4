using System.Data;
using Dapper;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>The trail as it is at one moment, over two connections: one for the entries in their order, one for what is looked up beside them.</summary>
internal sealed class TrailSnapshot : IAsyncDisposable
{
    private TrailSnapshot(NpgsqlConnection rows, NpgsqlConnection beside) => (Rows, Beside) = (rows, beside);

    public NpgsqlConnection Rows { get; }

    public NpgsqlConnection Beside { get; }

    /// <summary>Takes it: what is appended, signed or dropped from now on is not in it.</summary>
    public static async Task<TrailSnapshot> TakeAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var snapshot = new TrailSnapshot(database.CreateConnection(), database.CreateConnection());
        try
        {
            await BeginAsync(snapshot.Rows, cancellationToken);
            var id = await snapshot.Rows.ExecuteScalarAsync<string>(new CommandDefinition("select pg_export_snapshot()", cancellationToken: cancellationToken));
            await BeginAsync(snapshot.Beside, cancellationToken);
            await snapshot.Beside.ExecuteAsync(new CommandDefinition($"set transaction snapshot '{id}'", cancellationToken: cancellationToken));
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A connection that goes back with an open transaction rolls it back.
        await Beside.DisposeAsync();
        await Rows.DisposeAsync();
    }

    private static async Task BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken);
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
    }
}
