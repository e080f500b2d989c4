using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace Grpc.Reflection;

/// <summary>Answers reflection v1alpha from a registry.</summary>
public class ReflectionServiceImpl(IEnumerable<string> services, SymbolRegistry symbolRegistry) : ServerReflection.ServerReflectionBase
{
    private readonly List<string> services = [.. services];

    /// <summary>Answers for the given services.</summary>
    public ReflectionServiceImpl(IEnumerable<ServiceDescriptor> serviceDescriptors)
        : this(serviceDescriptors.Select(service => service.FullName), SymbolRegistry.FromFiles(serviceDescriptors.Select(service => service.File)))
    {
    }

    /// <summary>Answers for the given services.</summary>
    public ReflectionServiceImpl(params ServiceDescriptor[] serviceDescriptors)
        : this((IEnumerable<ServiceDescriptor>)serviceDescriptors)
    {
    }

    /// <inheritdoc />
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(Answer(requestStream.Current)).ConfigureAwait(false);
        }
    }

    internal ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Put(response, symbolRegistry.FileByName(request.FileByFilename));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Put(response, symbolRegistry.FileContainingSymbol(request.FileContainingSymbol));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse { Service = { services.Select(name => new ServiceResponse { Name = name }) } };
                break;
            default:
                response.ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.Unimplemented, ErrorMessage = "Request type not supported by C# reflection service." };
                break;
        }

        return response;
    }

    private static void Put(ServerReflectionResponse response, FileDescriptor? file)
    {
        if (file is null)
        {
            response.ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = "File not found." };
            return;
        }

        // The file comes with all that it imports, so that a client needs to ask once.
        var answer = new FileDescriptorResponse();
        var seen = new HashSet<string>();
        var open = new Queue<FileDescriptor>([file]);
        while (open.TryDequeue(out var next))
        {
            if (!seen.Add(next.Name))
            {
                continue;
            }

            answer.FileDescriptorProto.Add(next.SerializedData);
            foreach (var dependency in next.Dependencies)
            {
                open.Enqueue(dependency);
            }
        }

        response.FileDescriptorResponse = answer;
    }
}
