using Google.Protobuf;
using Grpc.Core;

namespace Mainstay.ServiceDefaults.Tests.Hosting;

internal static class TestMarshallers
{
    public static Marshaller<T> Of<T>()
        where T : IMessage<T>, new() =>
        Marshallers.Create(message => message.ToByteArray(), new MessageParser<T>(() => new T()).ParseFrom);
}
