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
        StreamCompleteResponse? last = null;
        await foreach (var part in completeInput.ExecuteAsync(request.Input, context.GetCaller(), context.CancellationToken))
        {
            last = part;
        }

        return new CompleteResponse { Completion = last!.Completion };
    }

    public override async Task StreamComplete(StreamCompleteRequest request, IServerStreamWriter<StreamCompleteResponse> responseStream, ServerCallContext context)
    {
        await foreach (var part in completeInput.ExecuteAsync(request.Input, context.GetCaller(), context.CancellationToken))
        {
            await responseStream.WriteAsync(part, context.CancellationToken);
        }
    }

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListModelsResponse { Models = { router.Models } });
}
