using Grpc.Core;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Grpc;

/// <summary>Binds the rpcs as the contract has them, but for GetSkill: its answers are ready as bytes, and to build and write messages took a good part of its time.</summary>
internal static class SkillBinding
{
    private static readonly Method<GetSkillRequest, ReadySkill> GetSkill = new(
        MethodType.Unary,
        SkillService.Descriptor.FullName,
        nameof(SkillGrpcService.GetSkill),
        Marshallers.Create(Google.Protobuf.MessageExtensions.ToByteArray, GetSkillRequest.Parser.ParseFrom),
        Marshallers.Create<ReadySkill>(ready => ready.Bytes, bytes => new ReadySkill(bytes)));

    /// <summary>Tells a binder of each rpc.</summary>
    public static void BindService(ServiceBinderBase binder, SkillGrpcService? service)
    {
        SkillService.BindService(new Others(binder), service);
        binder.AddMethod(GetSkill, service is null ? null : service.GetSkill);
    }

    // The generated binder names all of them.
    private sealed class Others(ServiceBinderBase binder) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        {
            if (method.Name != GetSkill.Name)
            {
                binder.AddMethod(method, handler);
            }
        }

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(method, handler);
    }
}
