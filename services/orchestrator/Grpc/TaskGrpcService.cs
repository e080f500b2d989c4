using Grpc.Core;
using Mainstay.Orchestrator.Approvals;
using Mainstay.Orchestrator.Events;
using Mainstay.Orchestrator.Tasks;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Grpc;

/// <summary>Hands each rpc about tasks to its act.</summary>
internal sealed class TaskGrpcService(
    StartTask startTask, GetTask getTask, ListTasks listTasks, WatchTask watchTask, DecideToolCall decideToolCall, SteerTask steerTask)
    : TaskService.TaskServiceBase
{
    public override async Task<StartTaskResponse> StartTask(StartTaskRequest request, ServerCallContext context) =>
        new() { Task = await startTask.ExecuteAsync(request, context.GetCaller(), context.CancellationToken) };

    public override async Task<GetTaskResponse> GetTask(GetTaskRequest request, ServerCallContext context) =>
        new() { Task = await getTask.ExecuteAsync(request.TaskId, context.GetCaller(), context.CancellationToken) };

    public override Task<ListTasksResponse> ListTasks(ListTasksRequest request, ServerCallContext context) =>
        listTasks.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task WatchTask(WatchTaskRequest request, IServerStreamWriter<WatchTaskResponse> responseStream, ServerCallContext context) =>
        watchTask.ExecuteAsync(request, context.GetCaller(), taskEvent => responseStream.WriteAsync(new() { Event = taskEvent }, context.CancellationToken), context.CancellationToken);

    public override async Task<ApproveToolCallResponse> ApproveToolCall(ApproveToolCallRequest request, ServerCallContext context)
    {
        await decideToolCall.ApproveAsync(request, context.GetCaller(), context.CancellationToken);
        return new ApproveToolCallResponse();
    }

    public override async Task<RejectToolCallResponse> RejectToolCall(RejectToolCallRequest request, ServerCallContext context)
    {
        await decideToolCall.RejectAsync(request, context.GetCaller(), context.CancellationToken);
        return new RejectToolCallResponse();
    }

    public override async Task<PauseTaskResponse> PauseTask(PauseTaskRequest request, ServerCallContext context)
    {
        await steerTask.PauseAsync(request.TaskId, request.Reason, context.GetCaller(), context.CancellationToken);
        return new PauseTaskResponse();
    }

    public override async Task<ResumeTaskResponse> ResumeTask(ResumeTaskRequest request, ServerCallContext context)
    {
        await steerTask.ResumeAsync(request.TaskId, request.Reason, context.GetCaller(), context.CancellationToken);
        return new ResumeTaskResponse();
    }

    public override async Task<CancelTaskResponse> CancelTask(CancelTaskRequest request, ServerCallContext context)
    {
        await steerTask.CancelAsync(request.TaskId, request.Reason, context.GetCaller(), context.CancellationToken);
        return new CancelTaskResponse();
    }
}
