namespace Temporalio.Extensions.Hosting;

/// <summary>Names one hosted worker among the others of a host.</summary>
public record TemporalWorkerServiceIdentifier(string TaskQueue, string? Version, bool VersionIsBuildId)
{
    internal string OptionsName => Version is null ? TaskQueue : $"{TaskQueue}!!__temporal__!!{Version}";
}
