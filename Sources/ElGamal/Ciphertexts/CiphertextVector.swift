// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
public import GroupArithmetic

/// Many ciphertexts of one group: a vector of α, a vector of β.
public struct CiphertextVector: Equatable, Sendable {
    public let alphas: ElementVector
    public let betas: ElementVector

    /// - Precondition: as many α as β, of one group.
    public init(alphas: ElementVector, betas: ElementVector) {
        precondition(alphas.count == betas.count && alphas.group == betas.group, "components that do not match")
        self.alphas = alphas
        self.betas = betas
    }

    public var group: SafePrimeGroup { alphas.group }
    public var count: Int { alphas.count }

    public subscript(index: Int) -> Ciphertext { Ciphertext(alpha: alphas[index], beta: betas[index]) }

    package func selecting(_ indices: some RandomAccessCollection<Int> & Sendable) -> CiphertextVector {
        CiphertextVector(alphas: alphas.selecting(indices), betas: betas.selecting(indices))
    }

    /// The ciphertexts in `range`, where they are.
    public func slice(_ range: Range<Int>) -> CiphertextVector {
        CiphertextVector(alphas: alphas.slice(range), betas: betas.slice(range))
    }

    /// Reads a pair of arrays (section 3.3) and checks every number.
    ///
    /// - Parameter expected: expected length, or `nil` to take the length that the first array states.
    /// - Throws: ``CiphertextVectorError`` with the component and the index.
    public init(
        reading reader: inout ByteTreeReader, count expected: Int?, in group: SafePrimeGroup
    ) throws(CiphertextVectorError) {
        let count: Int
        do throws(ByteTreeError) {
            try reader.node(of: 2)
            if let expected { count = expected } else { count = try reader.upcomingNode() }
        } catch { throw .byteTree(error) }
        do throws(VectorError) {
            alphas = try ElementVector(reading: &reader, count: count, in: group)
        } catch { throw .component(.alpha, error) }
        do throws(VectorError) {
            betas = try ElementVector(reading: &reader, count: count, in: group)
        } catch { throw .component(.beta, error) }
    }

    /// Reads a pair of arrays that this party wrote itself, or has checked before: lengths are checked, membership is not.
    package init(
        ownList reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup
    ) throws(VectorError) {
        do throws(ByteTreeError) { try reader.node(of: 2) } catch { throw .byteTree(error) }
        alphas = try ElementVector(ownList: &reader, count: count, in: group)
        betas = try ElementVector(ownList: &reader, count: count, in: group)
    }

    /// Writes ⟨⟨[α_0], …⟩, ⟨[β_0], …⟩⟩.
    public func write(to sink: inout some ByteTreeSink & ~Copyable) {
        sink.appendNodeHeader(2)
        alphas.write(to: &sink)
        betas.write(to: &sink)
    }
}

public enum CiphertextComponent: String, Sendable {
    case alpha, beta
}

/// Why bytes are not an array of ciphertexts.
public enum CiphertextVectorError: Error, Equatable, Sendable {
    case byteTree(ByteTreeError)
    case component(CiphertextComponent, VectorError)
}

extension CiphertextVectorError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .byteTree(let error): error.description
        case .component(let component, let error): "\(component.rawValue): \(error)"
        }
    }
}
