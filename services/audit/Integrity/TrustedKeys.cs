using System.Security.Cryptography;
using Dapper;
using Mainstay.ServiceDefaults.Configuration;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>The public keys whose signatures count: those of the configuration, which whoever writes to the database cannot add to; without them, those in the database.</summary>
/// <param name="configured">The configuration's, in PEM; null when it names none.</param>
internal sealed class TrustedKeys(IReadOnlyList<string>? configured, NpgsqlDataSource database)
{
    private const string Select = "select public_key from signing_key";

    /// <summary>The public keys of the configured files; null when no file signs. A file without a key is a <see cref="MainstayConfigurationException"/>.</summary>
    public static IReadOnlyList<string>? ReadFiles(IntegrityOptions options) =>
        options.SigningKeyFile is not { } signing ? null
            : [.. options.RetiredKeyFiles.Prepend(signing).Select(file =>
            {
                using var key = SigningKey.Read(file);
                return key.ExportSubjectPublicKeyInfoPem();
            })];

    /// <summary>Reads them.</summary>
    public async Task<KeySet> ReadAsync(CancellationToken cancellationToken)
    {
        var keys = new KeySet();
        foreach (var pem in configured ?? await InDatabaseAsync(cancellationToken))
        {
            var key = ECDsa.Create();
            key.ImportFromPem(pem);
            keys.Add(key);
        }

        return keys;
    }

    private async Task<IEnumerable<string>> InDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<string>(new CommandDefinition(Select, cancellationToken: cancellationToken));
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
