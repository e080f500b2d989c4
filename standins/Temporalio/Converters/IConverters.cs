namespace Temporalio.Converters;

/// <summary>Turns values into payloads and back.</summary>
public interface IPayloadConverter
{
    Payload ToPayload(object? value);

    object? ToValue(Payload payload, Type type);
}

/// <summary>One encoding that a <see cref="DefaultPayloadConverter" /> tries.</summary>
public interface IEncodingConverter
{
    string Encoding { get; }

    bool TryToPayload(object? value, out Payload? payload);

    object? ToValue(Payload payload, Type type);
}

/// <summary>Turns exceptions into failures and back.</summary>
public interface IFailureConverter
{
    Failure ToFailure(Exception exception, IPayloadConverter payloadConverter);

    Exception ToException(Failure failure, IPayloadConverter payloadConverter);
}

/// <summary>Changes payloads as bytes, for example encrypts them.</summary>
public interface IPayloadCodec
{
    Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads);

    Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads);
}

/// <summary>A payload that is not converted.</summary>
public interface IRawValue
{
    Payload Payload { get; }
}

/// <summary>A payload that is neither decoded nor converted yet.</summary>
public interface IEncodedRawValue : IRawValue
{
    Task<T> ToValueAsync<T>();

    Task<object?> ToValueAsync(Type type);
}

/// <summary>A payload that is not converted.</summary>
public record RawValue(Payload Payload) : IRawValue;

/// <summary>A payload with the converter that can decode it.</summary>
public record EncodedRawValue(DataConverter DataConverter, Payload Payload) : IEncodedRawValue
{
    public Task<T> ToValueAsync<T>() => DataConverter.ToValueAsync<T>(Payload);

    public Task<object?> ToValueAsync(Type type) => DataConverter.ToValueAsync(Payload, type);
}
