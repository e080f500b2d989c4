using System.Collections;
using Google.Protobuf.Reflection;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Changes every payload of the application inside a message, in place.</summary>
internal static class PayloadVisitor
{
    public static async Task VisitAsync(IMessage message, Func<IReadOnlyCollection<Payload>, Task<IReadOnlyCollection<Payload>>> change)
    {
        switch (message)
        {
            // The server indexes search attributes, so it must be able to read them.
            case SearchAttributes:
                return;
            case Payloads { Payloads_.Count: > 0 } payloads:
                var changed = await change(payloads.Payloads_).ConfigureAwait(false);
                var copy = changed.ToList();
                payloads.Payloads_.Clear();
                payloads.Payloads_.AddRange(copy);
                return;
            case Google.Protobuf.WellKnownTypes.Any any:
                await VisitPackedAsync(any, change).ConfigureAwait(false);
                return;
        }

        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType == FieldType.Message && field.Accessor.GetValue(message) is { } value)
            {
                await VisitFieldAsync(message, field, value, change).ConfigureAwait(false);
            }
        }
    }

    private static async Task VisitFieldAsync(IMessage message, FieldDescriptor field, object value, Func<IReadOnlyCollection<Payload>, Task<IReadOnlyCollection<Payload>>> change)
    {
        switch (value)
        {
            case Payload payload:
                field.Accessor.SetValue(message, (await change([payload]).ConfigureAwait(false)).Single());
                break;
            case IDictionary map:
                foreach (var key in map.Keys.Cast<object>().ToList())
                {
                    // Markers hold data of the SDK beside results of the application.
                    if (key is "data" or "patch-data")
                    {
                        continue;
                    }

                    if (map[key] is Payload item)
                    {
                        map[key] = (await change([item]).ConfigureAwait(false)).Single();
                    }
                    else if (map[key] is IMessage nested)
                    {
                        await VisitAsync(nested, change).ConfigureAwait(false);
                    }
                }

                break;
            case IList list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i] is Payload item)
                    {
                        list[i] = (await change([item]).ConfigureAwait(false)).Single();
                    }
                    else if (list[i] is IMessage nested)
                    {
                        await VisitAsync(nested, change).ConfigureAwait(false);
                    }
                }

                break;
            case IMessage nested:
                await VisitAsync(nested, change).ConfigureAwait(false);
                break;
        }
    }

    private static async Task VisitPackedAsync(Google.Protobuf.WellKnownTypes.Any any, Func<IReadOnlyCollection<Payload>, Task<IReadOnlyCollection<Payload>>> change)
    {
        var registry = TypeRegistry.FromMessages(
            Api.Update.V1.Request.Descriptor, Api.Update.V1.Response.Descriptor, Api.Update.V1.Acceptance.Descriptor, Api.Update.V1.Rejection.Descriptor);
        if (registry.Find(Google.Protobuf.WellKnownTypes.Any.GetTypeName(any.TypeUrl)) is { } descriptor)
        {
            var message = descriptor.Parser.ParseFrom(any.Value);
            await VisitAsync(message, change).ConfigureAwait(false);
            any.Value = message.ToByteString();
        }
    }
}
