using System.Collections.Concurrent;
using System.Security.Claims;

namespace Mainstay.ServiceDefaults.Authentication;

/// <summary>
/// Remembers which tokens have been verified, so that each is verified once: until it expires, and no longer than the issuer's keys stay the same.
/// </summary>
internal sealed class VerifiedTokens(SigningKeys keys, TimeProvider clock, TimeSpan clockSkew)
{
    private const int MostTokens = 4096;
    private const int MostCharacters = 4096;

    private readonly ConcurrentDictionary<string, Verified> verified = new(new ByTail());

    /// <summary>Whom a token is of; null when it has to be verified.</summary>
    public ClaimsPrincipal? Find(string token)
    {
        if (!verified.TryGetValue(token, out var known))
        {
            return null;
        }

        if (known.KeyEpoch == keys.Epoch() && clock.GetUtcNow() - clockSkew < known.ExpireTime)
        {
            return known.Principal;
        }

        verified.TryRemove(token, out _);
        return null;
    }

    /// <summary>Remembers a token that was verified just now.</summary>
    /// <param name="token">The token.</param>
    /// <param name="principal">Whom it is of.</param>
    /// <param name="expireTime">When it expires.</param>
    /// <param name="keyEpoch">The epoch of the keys before it was verified.</param>
    public void Remember(string token, ClaimsPrincipal principal, DateTimeOffset expireTime, long keyEpoch)
    {
        if (token.Length > MostCharacters)
        {
            return;
        }

        // Only whoever can have tokens issued can fill this; starting over costs one verification each.
        if (verified.Count >= MostTokens)
        {
            verified.Clear();
        }

        verified[token] = new Verified(principal, expireTime, keyEpoch);
    }

    // A token ends in its signature, which is as random as a hash.
    private sealed class ByTail : IEqualityComparer<string>
    {
        private const int Characters = 32;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string token) => string.GetHashCode(token.AsSpan(Math.Max(0, token.Length - Characters)), StringComparison.Ordinal);
    }

    private sealed record Verified(ClaimsPrincipal Principal, DateTimeOffset ExpireTime, long KeyEpoch);
}
