using System.Net.Sockets;
using Npgsql;

namespace Mainstay.LocalStack.Dependencies;

/// <summary>Asks whether a PostgreSQL answers, and makes databases in it.</summary>
internal static class PostgresProbe
{
    /// <summary>Says whether the server takes the connection.</summary>
    public static async Task<bool> AnswersAsync(NpgsqlConnectionStringBuilder connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var opened = new NpgsqlConnection(connection.ConnectionString);
            await opened.OpenAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Creates a database when it is not there.</summary>
    public static async Task EnsureDatabaseAsync(NpgsqlConnectionStringBuilder connection, string database, CancellationToken cancellationToken)
    {
        await using var opened = new NpgsqlConnection(connection.ConnectionString);
        await opened.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"create database \"{database}\"", opened);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // It was there before.
        }
    }
}
