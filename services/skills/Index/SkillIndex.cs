using Microsoft.Extensions.Caching.Memory;

namespace Mainstay.Skills.Index;

/// <summary>
/// Knows skills without asking the database each time: who may see them, their versions and aliases. What this process changes it knows at once, what
/// others change as soon as the database tells; while that cannot be heard, every reading asks.
/// </summary>
internal sealed class SkillIndex(ReadEntry readEntry, VersionContents contents, Hearing hearing, CacheLimits limits) : IDisposable
{
    private readonly MemoryCache entries = new(new MemoryCacheOptions { SizeLimit = limits.MostVersions });
    private readonly Lock gate = new();

    // How often something has changed, counted apart for each of many groups of skills.
    private readonly long[] changes = new long[1024];

    /// <summary>What there is to know of a skill; null when there is none of that name.</summary>
    public ValueTask<SkillEntry?> FindAsync(string skillName, CancellationToken cancellationToken) => FindAsync(skillName, null, cancellationToken);

    /// <summary>What there is to know of a skill; where it has to be read, the content of a version (empty: the newest) is read on the way.</summary>
    public ValueTask<SkillEntry?> FindAsync(string skillName, string? version, CancellationToken cancellationToken) =>
        hearing.IsCurrent && entries.TryGetValue(skillName, out SkillEntry? known) ? ValueTask.FromResult(known) : ReadAsync(skillName, version, cancellationToken);

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

    private async ValueTask<SkillEntry?> ReadAsync(string skillName, string? version, CancellationToken cancellationToken)
    {
        var before = Interlocked.Read(ref ChangesOf(skillName));
        var (read, content) = await readEntry.ExecuteAsync(skillName, version, cancellationToken);
        if (read is null || Keep(skillName, read, before) is not { } kept)
        {
            return read;
        }

        if (content is not null && (version!.Length == 0 ? kept.Newest : kept.Find(version)) is { } found)
        {
            contents.Keep(found, content);
        }

        return kept;
    }

    private SkillEntry? Keep(string skillName, SkillEntry entry, long before)
    {
        lock (gate)
        {
            // What changed while it was read may not be in it.
            if (!hearing.IsCurrent || ChangesOf(skillName) != before)
            {
                return null;
            }

            // Of those who read it at once all have the first one's, so that contents are kept once.
            return entries.TryGetValue(skillName, out SkillEntry? known) && known is not null
                ? known
                : entries.Set(skillName, entry, new MemoryCacheEntryOptions { Size = entry.Versions.Count + 1 });
        }
    }

    private ref long ChangesOf(string skillName) => ref changes[(uint)string.GetHashCode(skillName, StringComparison.Ordinal) % (uint)changes.Length];
}
