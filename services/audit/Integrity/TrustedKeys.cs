using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>The public keys whose signatures count.</summary>
internal sealed class TrustedKeys(NpgsqlDataSource database)
{
    private const string Select = "select public_key from signing_key";

    /// <summary>Reads those that have signed.</summary>
    public async Task<KeySet> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var keys = new KeySet();
        foreach (var pem in await connection.QueryAsync<string>(new CommandDefinition(Select, cancellationToken: cancellationToken)))
        {
            var key = ECDsa.Create();
            key.ImportFromPem(pem);
            keys.Add(key);
        }

        return keys;
    }
}

/// <summary>Public keys by their ids.</summary>
internal sealed class KeySet : IDisposable
{
    private readonly Dictionary<string, ECDsa> byId = [];

    public IReadOnlyDictionary<string, ECDsa> ById => byId;

    /// <summary>Takes a key over.</summary>
    public void Add(ECDsa key)
    {
        if (!byId.TryAdd(SigningKey.IdOf(key), key))
        {
            key.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var key in byId.Values)
        {
            key.Dispose();
        }
    }
}
