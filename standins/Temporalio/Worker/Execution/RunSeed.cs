namespace Temporalio.Worker.Execution;

/// <summary>Makes the random seed of a run from its id (FNV-1a).</summary>
internal static class RunSeed
{
    public static ulong From(string runId)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in runId)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return hash;
    }
}
