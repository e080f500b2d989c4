using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Tests.Mirror;

namespace Temporalio.Tests.Server;

/// <summary>Updates that bring their workflow along, where one of the two is refused.</summary>
public sealed class UpdateWithStartTests(MirrorServer server)
{
    [Fact]
    public async Task Execute_IdInUse_SaysWhichRunHasIt()
    {
        var there = await server.Client.StartWorkflowAsync("raw", [], new("with-start-in-use", "nobody"));
        var start = WithStartWorkflowOperation.Create("raw", [], new("with-start-in-use", "nobody") { IdConflictPolicy = WorkflowIdConflictPolicy.Fail });

        var refusal = await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(() => server.Client.ExecuteUpdateWithStartWorkflowAsync("change", [], new(start)));
        Assert.Equal((there.Id, there.ResultRunId, "raw"), (refusal.WorkflowId, refusal.RunId, refusal.WorkflowType));
        Assert.Same(refusal, await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(start.GetHandleAsync));
    }

    [Fact]
    public async Task Execute_StartThatIsWrong_SaysWhatIsWrongWithIt()
    {
        var start = WithStartWorkflowOperation.Create("raw", [], new("with-start-cron", "nobody") { IdConflictPolicy = WorkflowIdConflictPolicy.Fail, CronSchedule = "* * * * *" });
        var refusal = await Assert.ThrowsAsync<RpcException>(() => server.Client.ExecuteUpdateWithStartWorkflowAsync("change", [], new(start)));
        Assert.Equal((RpcException.StatusCode.InvalidArgument, "CronSchedule is not allowed."), (refusal.Code, refusal.Message));
    }
}
