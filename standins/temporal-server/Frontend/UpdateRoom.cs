using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Update.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>How many updates a run may have at once and in all; rejected ones do not count.</summary>
internal static class UpdateRoom
{
    private const int MostAtOnce = 10;
    private const int MostBytesAtOnce = 20 * 1024 * 1024;

    /// <summary>Refuses an update that the run has no room for.</summary>
    public static void Require(Run run, RunState state, Request request)
    {
        var waiting = run.Updates.Count(u => u.Value.Refusal is null && !state.Updates.ContainsKey(u.Key));
        if (waiting + state.Updates.Values.Count(u => u.Outcome is null) >= MostAtOnce)
        {
            throw ApiErrors.TooManyAtOnce($"limit on number of concurrent in-flight updates has been reached ({MostAtOnce})");
        }

        if (waiting + state.Updates.Count >= RunChange.MostUpdates)
        {
            throw ApiErrors.TooManyUpdates(RunChange.MostUpdates);
        }

        var underWay = run.Updates.Where(u => u.Value.Refusal is null && state.Updates.GetValueOrDefault(u.Key)?.Outcome is null);
        if (underWay.Sum(u => (long)u.Value.Request.CalculateSize()) + request.CalculateSize() >= MostBytesAtOnce)
        {
            throw ApiErrors.TooManyAtOnce($"limit on total payload size of in-flight updates has been reached ({MostBytesAtOnce} bytes)");
        }
    }
}
