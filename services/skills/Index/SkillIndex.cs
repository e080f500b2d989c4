using Microsoft.Extensions.Caching.Memory;

namespace Mainstay.Skills.Index;

/// <summary>
/// Knows skills without asking the database each time: who may see them, their versions and aliases. What this process changes it knows at once, what
/// others change as soon as the database tells; while that cannot be heard, every reading asks.
/// </summary>
internal sealed class SkillIndex(ReadEntry read, Hearing hearing, CacheLimits limits) : IDisposable
{
    private readonly MemoryCache entries = new(new MemoryCacheOptions { SizeLimit = limits.MostVersions });
    private readonly Lock gate = new();

    // How often something has changed, counted apart for each of many groups of skills.
    private readonly long[] changes = new long[1024];

    /// <summary>What there is to know of a skill; null when there is none of that name.</summary>
    public ValueTask<SkillEntry?> FindAsync(string skillName, CancellationToken cancellationToken) =>
        hearing.IsCurrent && entries.TryGetValue(skillName, out SkillEntry? known) ? ValueTask.FromResult(known) : ReadAsync(skillName, cancellationToken);

    /// <summary>Forgets a skill, because it has changed; whoever asks from now on gets it as it is after that.</summary>
    public void Forget(string skillName)
    {
        lock (gate)
        {
            ChangesOf(skillName)++;
            entries.Remove(skillName);
        }
    }

    /// <summary>Forgets all skills, because any may have changed.</summary>
    public void ForgetAll()
    {
        lock (gate)
        {
            foreach (ref var count in changes.AsSpan())
            {
                count++;
            }

            entries.Clear();
        }
    }

    public void Dispose() => entries.Dispose();

    private async ValueTask<SkillEntry?> ReadAsync(string skillName, CancellationToken cancellationToken)
    {
        var before = Interlocked.Read(ref ChangesOf(skillName));
        var entry = await read.ExecuteAsync(skillName, cancellationToken);
        return entry is null ? null : Keep(skillName, entry, before);
    }

    private SkillEntry Keep(string skillName, SkillEntry entry, long before)
    {
        lock (gate)
        {
            // What changed while it was read may not be in it.
            if (!hearing.IsCurrent || ChangesOf(skillName) != before)
            {
                return entry;
            }

            // Of those who read it at once all have the first one's, so that contents are kept once.
            return entries.TryGetValue(skillName, out SkillEntry? known) && known is not null
                ? known
                : entries.Set(skillName, entry, new MemoryCacheEntryOptions { Size = entry.Versions.Count + 1 });
        }
    }

    private ref long ChangesOf(string skillName) => ref changes[(uint)string.GetHashCode(skillName, StringComparison.Ordinal) % (uint)changes.Length];
}
