using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Completions;
using Mainstay.LlmGateway.Routing;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.LlmGateway.Grpc;

/// <summary>Hands each rpc to its act.</summary>
internal sealed class CompletionGrpcService(CompleteInput completeInput, ModelRouter router) : CompletionService.CompletionServiceBase
{
    public override async Task<CompleteResponse> Complete(CompleteRequest request, ServerCallContext context)
    {
        var answer = await completeInput.ExecuteAsync(request.Input, isStreamed: false, context.GetCaller(), context.Deadline, context.CancellationToken);
        return new CompleteResponse { Completion = await answer.WholeAsync(context.CancellationToken) };
    }

    public override async Task StreamComplete(StreamCompleteRequest request, IServerStreamWriter<StreamCompleteResponse> responseStream, ServerCallContext context)
    {
        var answer = await completeInput.ExecuteAsync(request.Input, isStreamed: true, context.GetCaller(), context.Deadline, context.CancellationToken);
        await foreach (var part in answer.PartsAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(part, context.CancellationToken);
        }
    }

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListModelsResponse { Models = { router.ModelsFor(context.GetCaller()) } });
}
