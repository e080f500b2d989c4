using Temporalio.Api.Common.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>What priority a child or an activity has.</summary>
internal static class PriorityRules
{
    /// <summary>What was asked for, and what the workflow itself has wherever nothing was asked for.</summary>
    public static Priority? Merge(Priority? inherited, Priority? asked) => inherited is null ? asked : asked is null ? inherited : new Priority
    {
        PriorityKey = asked.PriorityKey != 0 ? asked.PriorityKey : inherited.PriorityKey,
        FairnessKey = asked.FairnessKey.Length > 0 ? asked.FairnessKey : inherited.FairnessKey,
        FairnessWeight = asked.FairnessWeight != 0 ? asked.FairnessWeight : inherited.FairnessWeight,
    };
}
