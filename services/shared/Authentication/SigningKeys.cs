using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Mainstay.ServiceDefaults.Authentication;

/// <summary>
/// The issuer's keys, from a file or an address; read again every five minutes, so that a withdrawn key stops counting, and when a
/// token names a key that is not known, at most every ten seconds.
/// </summary>
internal sealed partial class SigningKeys(string source, TimeProvider clock, ILogger<SigningKeys> logger)
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(5);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = 1024 * 1024 };

    private readonly Lock gate = new();
    private IList<SecurityKey> keys = [];
    private DateTimeOffset lastRead = DateTimeOffset.MinValue;
    private string keySet = "";
    private long epoch;
    private long dueTicks;

    /// <summary>The keys that may have signed a token that names <paramref name="kid"/>.</summary>
    public IEnumerable<SecurityKey> Find(string kid)
    {
        lock (gate)
        {
            var age = clock.GetUtcNow() - lastRead;
            if (age >= LongestInterval || (age >= ShortestInterval && Matching(kid).Count == 0))
            {
                Read();
            }

            return Matching(kid);
        }
    }

    /// <summary>A number that is another once the keys are others; what an old key has verified is to be verified again.</summary>
    public long Epoch()
    {
        // Asked for every call: no lock where nothing is due.
        if (clock.GetUtcNow().UtcTicks < Interlocked.Read(ref dueTicks))
        {
            return Interlocked.Read(ref epoch);
        }

        lock (gate)
        {
            if (clock.GetUtcNow() - lastRead >= LongestInterval)
            {
                Read();
            }

            return epoch;
        }
    }

    private List<SecurityKey> Matching(string kid) => [.. keys.Where(key => kid.Length == 0 || key.KeyId == kid)];

    private void Read()
    {
        lastRead = clock.GetUtcNow();
        Interlocked.Exchange(ref dueTicks, (lastRead + LongestInterval).UtcTicks);
        try
        {
            var read = Load();
            keys = new JsonWebKeySet(read).GetSigningKeys();
            epoch += read == keySet ? 0 : 1;
            keySet = read;
            Log.KeysRead(logger, keys.Count);
        }
        catch (Exception exception)
        {
            // The former keys stay good: an issuer that is away must not lock everybody out.
            Log.KeysNotRead(logger, source, exception);
        }
    }

    // The key resolver of the token library is synchronous; this is once per rotation.
    private string Load()
    {
        if (!source.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            return File.ReadAllText(source);
        }

        using var response = Http.Send(new HttpRequestMessage(HttpMethod.Get, source));
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Read {Count} signing keys")]
        public static partial void KeysRead(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not read the signing keys from {Source}")]
        public static partial void KeysNotRead(ILogger logger, string source, Exception exception);
    }
}
