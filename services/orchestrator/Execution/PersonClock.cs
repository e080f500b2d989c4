using Temporalio.Workflows;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Measures how long a run has waited for people, which does not count against its time.</summary>
internal sealed class PersonClock
{
    private TimeSpan waited;
    private DateTime since;
    private int waits;

    /// <summary>The time waited so far.</summary>
    public TimeSpan Waited => waits > 0 ? waited + (Workflow.UtcNow - since) : waited;

    /// <summary>A wait begins; several may overlap.</summary>
    public void StartWaiting()
    {
        if (waits++ == 0)
        {
            since = Workflow.UtcNow;
        }
    }

    /// <summary>A wait ends.</summary>
    public void StopWaiting()
    {
        if (--waits == 0)
        {
            waited += Workflow.UtcNow - since;
        }
    }
}
