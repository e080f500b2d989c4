using System.Net;
using Npgsql;

namespace Mainstay.LocalStack.Services;

/// <summary>What a Temporal server is to be: where it serves, which namespace it has from the start, and its database.</summary>
internal sealed record TemporalSettings(string Address, string Namespace, NpgsqlConnectionStringBuilder Database)
{
    /// <summary>The namespace of a server of which nobody asked for another one.</summary>
    public const string DefaultNamespace = "default";

    private const string DefaultDatabase = "temporal";

    /// <summary>The server's own database in a PostgreSQL.</summary>
    public static NpgsqlConnectionStringBuilder DatabaseIn(NpgsqlConnectionStringBuilder postgres) => new(postgres.ConnectionString) { Database = DefaultDatabase };

    /// <summary>An address as it was given; refuses what is none.</summary>
    public static string ReadAddress(string address) =>
        IPEndPoint.TryParse(address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal), out var endpoint) && endpoint.Port > 0
            ? endpoint.ToString()
            : throw new LocalStackException($"'{address}' is no address for the server; give an IP address and a port, for example --address 127.0.0.1:7233.");

    /// <summary>A connection string as it was given, with a database; refuses what is none.</summary>
    public static NpgsqlConnectionStringBuilder ReadDatabase(string connection)
    {
        try
        {
            var read = new NpgsqlConnectionStringBuilder(connection);
            read.Database = string.IsNullOrEmpty(read.Database) ? DefaultDatabase : read.Database;
            return read;
        }
        catch (ArgumentException e)
        {
            throw new LocalStackException($"--database is no connection string: {e.Message} Give for example --database \"Host=127.0.0.1;Username=postgres;Database=temporal\".");
        }
    }
}
