using System.Collections.Concurrent;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>
/// Counts the failures that a script prescribes: so many for one question, and then it succeeds. After that the count begins anew, so that
/// the same conversation goes the same way every time.
/// </summary>
internal sealed class ScriptedFailures
{
    // Questions that nobody repeated until they succeeded would pile up.
    private const int MostQuestions = 10_000;

    private readonly ConcurrentDictionary<string, int> failed = new(StringComparer.Ordinal);

    /// <summary>Whether this call of a question is one of the first <paramref name="times"/>, which fail.</summary>
    public bool IsDue(string question, int times)
    {
        if (failed.Count > MostQuestions)
        {
            failed.Clear();
        }

        if (failed.AddOrUpdate(question, 1, (_, count) => count + 1) <= times)
        {
            return true;
        }

        failed.TryRemove(question, out _);
        return false;
    }
}
